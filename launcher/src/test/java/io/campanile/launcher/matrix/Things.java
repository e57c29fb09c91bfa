package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Real things of the owner in workspace A, each with the canary where nobody asks for it by name, and shared with the
 * viewer and the runner. {@code <notebook>} in a request of the table is the one that stands for the whole run,
 * {@code <new.notebook>} one that is made for the call.
 */
final class Things {
    private static final String SHARES = """
            {"access_control_list": [{"user_name": "%s", "permission_level": "%s"},
              {"user_name": "%s", "permission_level": "%s"}]}""";
    /** What nobody has, in the form in which it is asked for. */
    private static final Map<String, String> NOBODYS = Map.of(
            "number", "999999999999",
            "uuid", "00000000-0000-4000-8000-00000000dead",
            "text", "nobodys-thing");

    /** What is made together with something else. */
    private static final Map<String, String> COMES_WITH = Map.of("revision", "version", "cell", "run", "result", "run");

    private final Tenants tenants;
    private final String canary = "canary-" + UUID.randomUUID();
    private final Map<String, Supplier<Map<String, String>>> makers = new LinkedHashMap<>();

    Things(Tenants tenants) {
        this.tenants = tenants;
        DataThings data = new DataThings(tenants, this);
        data.register();
        new TreeThings(tenants, this).register();
        new CommandThings(tenants, this).register();
        new LogThings(tenants, this).register();
        new GitThings(tenants, this).register();
        new PeopleThings(tenants, this, data).register();
        homes();
    }

    /** Says who makes a kind of thing: its id under its own name, what else is of it under {@code kind.what}. */
    void maker(String kind, Supplier<Map<String, String>> maker) {
        makers.put(kind, maker);
    }

    /** In no answer that is a refusal, and in none to another tenant. */
    String canary() {
        return canary;
    }

    /** What a name stands for; a thing is made when it is first named. */
    String value(String name) {
        if (!tenants.values().containsKey(name)) {
            int end = name.indexOf('.');
            String kind = end < 0 ? name : name.substring(0, end);
            tenants.values().putAll(make(COMES_WITH.getOrDefault(kind, kind)));
        }
        return tenants.value(name);
    }

    /** A fresh one of its kind: its names and what they stand for. */
    Map<String, String> make(String kind) {
        Supplier<Map<String, String>> maker = makers.get(kind);
        if (maker == null) {
            throw new IllegalArgumentException("Nothing makes a " + kind);
        }
        return maker.get();
    }

    /** In the place of an id: one of the same form that does not exist. */
    String nobodys(String real) {
        if (real.startsWith("main.default.")) {
            return "main.default.nobodys";
        }
        String form = real.matches("[0-9]+") ? "number" : real.matches("[0-9a-f-]{36}") ? "uuid" : "text";
        if (real.startsWith("/")) {
            return real.substring(0, real.lastIndexOf('/') + 1) + NOBODYS.get("text");
        }
        return String.valueOf(NOBODYS.get(form));
    }

    private void homes() {
        for (Identity who : List.of(
                Identity.VIEWER, Identity.RUNNER, Identity.OWNER, Identity.ADMIN, Identity.OTHER, Identity.ACCOUNT)) {
            JsonNode home = tenants.get(who, "/api/campanile/v1/home").json();
            tenants.values()
                    .put(who.column() + ".home", home.path("home").path("path").asText());
            tenants.values()
                    .put(
                            who.column() + ".home.id",
                            home.path("home").path("object_id").asText());
        }
    }

    void share(String collection, String id, String viewer, String runner) {
        tenants.send(
                Identity.OWNER,
                "PATCH",
                "/api/2.0/permissions/" + collection + "/" + id,
                SHARES.formatted(tenants.value("viewer.name"), viewer, tenants.value("runner.name"), runner));
    }

    static String json(Map<String, ?> body) {
        return Json.write(body);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
