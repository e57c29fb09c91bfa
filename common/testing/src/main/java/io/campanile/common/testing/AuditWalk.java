package io.campanile.common.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks the route dump of a running service: every route that people may call to change something is either called once
 * and must write exactly one row of the audit log under its action, or is named with the reason why it writes none.
 */
public final class AuditWalk {
    private static final Set<String> PEOPLE = Set.of("USER", "OBJECT", "ADMIN", "ACCOUNT");
    private final TestEnvironment test;
    private final String service;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Exercise> exercises = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();

    public AuditWalk(TestEnvironment test, String service, int port) {
        this.test = test;
        this.service = service;
        this.port = port;
    }

    /** A call that succeeds: the address with its ids, and the body. */
    public record Call(String path, String body) {}

    private record Exercise(Caller caller, Supplier<Call> call) {}

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

    /** What is wrong; nothing when all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        Map<String, String> actions = new LinkedHashMap<>();
        for (JsonNode route : json(send(Caller.service("gateway", 0, "walk"), "GET", "/internal/routes", ""))) {
            String method = route.path("method").asText();
            if (!method.equals("GET") && PEOPLE.contains(route.path("access").asText())) {
                actions.put(
                        method + " " + route.path("path").asText(),
                        route.path("action").asText());
            }
        }
        actions.forEach((route, action) -> {
            Exercise exercise = exercises.get(route);
            if (exercise != null) {
                @Nullable String problem = problem(route, action, exercise);
                if (problem != null) {
                    problems.add(problem);
                }
            } else if (!reasons.containsKey(route)) {
                problems.add(route + " is neither called nor excused");
            }
        });
        exercises.keySet().stream()
                .filter(route -> !actions.containsKey(route))
                .forEach(route -> problems.add(route + " is no route"));
        reasons.keySet().stream()
                .filter(route -> !actions.containsKey(route))
                .forEach(route -> problems.add(route + " is excused but no route"));
        return problems;
    }

    private @Nullable String problem(String route, String action, Exercise exercise) {
        Call call = exercise.call().get();
        long before = newest(exercise.caller());
        HttpResponse<String> answer =
                send(exercise.caller(), route.substring(0, route.indexOf(' ')), call.path(), call.body());
        if (answer.statusCode() / 100 != 2) {
            return route + " answered " + answer.statusCode() + " " + answer.body();
        }
        List<String> written = new ArrayList<>();
        for (JsonNode event : events(exercise.caller())) {
            if (event.path("event_id").asLong() > before) {
                written.add(event.path("action").asText() + " "
                        + event.path("outcome").asText());
            }
        }
        return written.equals(List.of(action + " DONE")) ? null : route + " wrote " + written;
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
