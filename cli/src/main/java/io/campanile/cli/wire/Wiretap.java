package io.campanile.cli.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campanile.cli.terminal.Text;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints requests and answers for --debug, without what opens doors. */
public final class Wiretap {
    private static final int LONGEST = 4096;
    private static final Set<String> SECRET = Set.of(
            "token_value",
            "password",
            "string_value",
            "personal_access_token",
            "bytes_value",
            "value",
            "access_token",
            "refresh_token",
            "id_token",
            "token",
            "code",
            "code_verifier",
            "client_secret");
    /** Contents of files: long, and nobody's business. */
    private static final Set<String> CONTENT = Set.of("content", "contents", "data");
    /** A secret in a text that is no JSON, such as a page of a proxy. */
    private static final Pattern LOOSE = Pattern.compile("dapi[0-9a-f]{8,}|eyJ[A-Za-z0-9_-]{16,}[A-Za-z0-9_.-]*");

    private final @Nullable PrintStream err;

    /** {@code err} null: silent. */
    public Wiretap(@Nullable PrintStream err) {
        this.err = err;
    }

    void asked(Call call, Host host) {
        if (err == null) {
            return;
        }
        err.println("> " + call.method() + " " + host.url() + call.path());
        call.headers().forEach((name, value) -> err.println("> " + name + ": " + value));
        JsonNode body = call.shown();
        if (body != null) {
            err.println("> " + cut(redacted(body).toString()));
        } else if (call.body() != null) {
            err.println("> (the bytes of a file)");
        }
    }

    void answered(int status, long millis) {
        if (err != null) {
            err.println("< " + status + " (" + millis + " ms)");
        }
    }

    void body(byte[] body) {
        if (err != null && body.length > 0) {
            err.println("< " + cut(redacted(body)));
        }
    }

    public void note(String text) {
        if (err != null) {
            err.println("* " + Text.plain(text));
        }
    }

    private static String cut(String text) {
        String plain = Text.plain(text);
        return plain.length() <= LONGEST
                ? plain
                : plain.substring(0, LONGEST) + "... (" + plain.length() + " characters)";
    }

    static String redacted(byte[] body) {
        String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
        try {
            JsonNode json = Json.MAPPER.readTree(text);
            return json == null || json.isMissingNode() ? "" : redacted(json).toString();
        } catch (JsonProcessingException e) {
            return LOOSE.matcher(text).replaceAll("****");
        }
    }

    static JsonNode redacted(JsonNode json) {
        if (json instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                copy.set(field.getKey(), redacted(field.getKey(), field.getValue()));
            }
            return copy;
        }
        if (json instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(element -> copy.add(redacted(element)));
            return copy;
        }
        return json;
    }

    private static JsonNode redacted(String name, JsonNode value) {
        String key = name.toLowerCase(Locale.ROOT);
        if (value.isTextual() && SECRET.contains(key)) {
            return TextNode.valueOf("****");
        }
        if (value.isTextual() && CONTENT.contains(key)) {
            return TextNode.valueOf("(" + value.asText().length() + " characters)");
        }
        return redacted(value);
    }
}
