package io.campanile.common.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.auth.Scopes;
import io.campanile.common.json.Json;
import io.campanile.common.service.ErasureRoutes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks the route dump of a running service: every route that people may call to change something is either called once
 * and must write exactly one row of the audit log under its action, or is named with the reason why it writes none. Who
 * has no right to it is refused, changes nothing and is written down as well; and no call touches another workspace.
 */
public final class AuditWalk {
    private static final Set<String> PEOPLE = Set.of("USER", "OBJECT", "ADMIN", "ACCOUNT");
    /** May do everything, but uses a token for what this installation does not have yet. */
    private static final Caller ELSEWHERE = new Caller(
            1,
            990,
            "elsewhere@example.com",
            new Rights(true, true, Set.of(), Set.of(), Set.of("jobs")),
            null,
            "",
            "request-1");

    private final TestEnvironment test;
    private final String service;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Exercise> exercises = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final Map<String, Set<String>> reaching = new HashMap<>();
    private @Nullable Caller stranger;
    private @Nullable OtherTenant other;

    public AuditWalk(TestEnvironment test, String service, int port) {
        this.test = test;
        this.service = service;
        this.port = port;
    }

    /** A call that succeeds: the address with its ids, and the body. */
    public record Call(String path, String body) {}

    private record Exercise(Caller caller, Supplier<Call> call) {}

    private record Route(String method, String path, String action, String access) {
        String name() {
            return method + " " + path;
        }

        boolean changes() {
            return !method.equals("GET") && !method.equals("HEAD");
        }
    }

    /** {@code route} is "POST /path/:id"; {@code call} prepares whatever it needs when its turn comes. */
    public AuditWalk calls(String route, Caller caller, Supplier<Call> call) {
        exercises.put(route, new Exercise(caller, call));
        return this;
    }

    /** A route that changes nothing, or nothing of which the log should know. */
    public AuditWalk without(String route, String why) {
        reasons.put(route, why);
        return this;
    }

    /** Somebody of the workspace without any right, who makes each of the calls first. */
    public AuditWalk stranger(Caller somebody) {
        stranger = somebody;
        return this;
    }

    /** Routes to what is each person's own: of others' it says that there is none. */
    public AuditWalk hides(String... routes) {
        hidden.addAll(List.of(routes));
        return this;
    }

    /** A route that by its nature changes these tables for all workspaces of a person. */
    public AuditWalk reaches(String route, String... tables) {
        reaching.put(route, Set.of(tables));
        return this;
    }

    /** The workspace whose rows no call may touch. */
    public AuditWalk beside(OtherTenant workspace) {
        other = workspace;
        return this;
    }

    /** What is wrong; nothing when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        Set<String> changing = new HashSet<>();
        for (Route route : routes()) {
            refusedForScope(route).ifPresent(problems::add);
            if (!route.changes()) {
                continue;
            }
            changing.add(route.name());
            Exercise exercise = exercises.get(route.name());
            if (exercise != null) {
                refusedForRight(route, exercise).ifPresent(problems::add);
                problem(route, exercise).ifPresent(problems::add);
            } else if (!reasons.containsKey(route.name())) {
                problems.add(route.name() + " is neither called nor excused");
            }
        }
        for (Set<String> named : List.of(exercises.keySet(), reasons.keySet(), hidden, reaching.keySet())) {
            named.stream()
                    .filter(route -> !changing.contains(route))
                    .forEach(route -> problems.add(route + " is no route that changes something"));
        }
        return problems;
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (JsonNode route : json(send(Caller.service("gateway", 0, "walk"), "GET", "/internal/routes", ""))) {
            if (PEOPLE.contains(route.path("access").asText())) {
                routes.add(new Route(
                        route.path("method").asText(),
                        route.path("path").asText(),
                        route.path("action").asText(),
                        route.path("access").asText()));
            }
        }
        return routes;
    }

    /** A token for something else opens no route, and the log says so. */
    private Optional<String> refusedForScope(Route route) {
        if (Scopes.allow(ELSEWHERE.rights().scopes(), route.action())) {
            return Optional.empty();
        }
        String path = route.path().replaceAll(":[A-Za-z_]+", "1").replace("*", "x");
        return refused(route, ELSEWHERE, new Call(path, ""), false);
    }

    private Optional<String> refusedForRight(Route route, Exercise exercise) {
        Caller somebody = stranger;
        if (somebody == null || route.access().equals("USER")) {
            return Optional.empty();
        }
        Call call = exercise.call().get();
        return refused(route, somebody, call, hidden.contains(route.name()));
    }

    private Optional<String> refused(Route route, Caller caller, Call call, boolean hides) {
        long before = newest(caller);
        Map<String, String> rows = other == null ? Map.of() : other.atRest();
        int status = send(caller, route.method(), call.path(), call.body()).statusCode();
        List<String> written = written(caller, before);
        boolean well = hides
                ? status == 404 && written.isEmpty()
                : status == 403 && written.equals(List.of(route.action() + " DENIED"));
        if (!well) {
            return Optional.of(route.name() + " answered " + caller.userName() + " " + status + ", wrote " + written);
        }
        Map<String, String> after = other == null ? Map.of() : other.atRest();
        List<String> changed = rows.entrySet().stream()
                .filter(table -> !table.getValue().equals(after.get(table.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        route.name() + " changed " + changed + " for " + caller.userName() + " before it refused");
    }

    private Optional<String> problem(Route route, Exercise exercise) {
        Call call = exercise.call().get();
        long before = newest(exercise.caller());
        if (other != null) {
            other.mirror();
        }
        Map<String, String> theirs = other == null ? new HashMap<>() : other.theirs();
        HttpResponse<String> answer = send(exercise.caller(), route.method(), call.path(), call.body());
        if (answer.statusCode() / 100 != 2) {
            return Optional.of(route.name() + " answered " + answer.statusCode() + " " + answer.body());
        }
        List<String> written = written(exercise.caller(), before);
        if (!written.equals(List.of(route.action() + " DONE"))) {
            return Optional.of(route.name() + " wrote " + written);
        }
        Map<String, String> after = other == null ? new HashMap<>() : other.theirs();
        Set<String> reached = reaching.getOrDefault(route.name(), Set.of());
        theirs.keySet().removeAll(reached);
        after.keySet().removeAll(reached);
        return after.equals(theirs)
                ? Optional.empty()
                : Optional.of(route.name() + " changed another workspace: " + theirs + " became " + after);
    }

    private List<String> written(Caller caller, long before) {
        List<String> written = new ArrayList<>();
        for (JsonNode event : events(caller)) {
            if (event.path("event_id").asLong() > before) {
                written.add(event.path("action").asText() + " "
                        + event.path("outcome").asText());
            }
        }
        return written;
    }

    private long newest(Caller caller) {
        JsonNode events = events(caller);
        return events.isEmpty() ? 0 : events.path(0).path("event_id").asLong();
    }

    private JsonNode events(Caller caller) {
        Caller asking = Caller.service("identity", caller.workspaceId(), "walk");
        return json(send(asking, "GET", "/internal/audit?limit=20&user=" + caller.userId(), ""))
                .path("events");
    }

    /** After the walk: the answers that are others when another workspace has a likeness of every row; none should be. */
    public List<String> problemsOfReading(Caller caller, OtherTenant beside, String... paths) {
        List<String> problems = new ArrayList<>();
        for (String path : paths) {
            beside.clear();
            JsonNode alone = withoutClock(ok(caller, "GET", path, ""));
            beside.mirror();
            JsonNode together = withoutClock(ok(caller, "GET", path, ""));
            if (alone.isEmpty() || !alone.equals(together)) {
                problems.add(path + " answered " + alone + " alone and " + together + " beside another workspace");
            }
        }
        beside.clear();
        return problems;
    }

    /** What time it is differs between any two answers. */
    private static JsonNode withoutClock(JsonNode answer) {
        answer.findParents("server_time").forEach(parent -> ((ObjectNode) parent).remove("server_time"));
        return answer;
    }

    /** After the walk: what is wrong with the erasure of the whole workspace; nothing when all is well. */
    public List<String> problemsOfErasure(Caller identity, OtherTenant beside) {
        beside.mirror();
        Map<String, String> theirs = beside.theirs();
        List<String> problems = new ArrayList<>();
        JsonNode erased = ok(identity, "POST", ErasureRoutes.ERASE, "{}");
        if (!erased.path("done").asBoolean() || erased.path("rows").asLong() == 0) {
            problems.add("The erasure answered " + erased);
        }
        beside.ours().forEach((table, rows) -> {
            if (!rows.startsWith("0 ")) {
                problems.add("There are rows left in " + table);
            }
        });
        if (!beside.theirs().equals(theirs)) {
            problems.add("Rows of another workspace went too");
        }
        return problems;
    }

    /** Any call, for preparations. */
    public JsonNode ok(Caller caller, String method, String path, String body) {
        HttpResponse<String> answer = send(caller, method, path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + " answered " + answer.body());
        }
        return json(answer);
    }

    private HttpResponse<String> send(Caller caller, String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("Authorization", test.bearer(caller, service))
                            .header("X-Forwarded-For", "127.0.0.1")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().isEmpty() ? "{}" : answer.body(), JsonNode.class);
    }
}
