package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.http.Access;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The routes as the installation dumps them, and the table of what everybody is answered. */
final class Routes {
    private static final String TABLE = "/matrix/routes.tsv";

    private Routes() {}

    /** One route of the dump. */
    record Route(
            String service,
            boolean reachable,
            String method,
            String path,
            boolean socket,
            String action,
            Access access) {
        String name() {
            return method + " " + path;
        }
    }

    static List<Route> dump(Wire wire, String token) {
        JsonNode dumped = wire.send(
                        Wire.Call.of("GET", "/api/campanile/v1/routes", null).with("Authorization", "Bearer " + token))
                .succeeded("the dump")
                .json();
        List<Route> routes = new ArrayList<>();
        dumped.forEach(route -> routes.add(new Route(
                route.path("service").asText(),
                route.path("public").asBoolean(),
                route.path("method").asText(),
                route.path("path").asText(),
                route.path("protocol").asText().equals("ws"),
                route.path("action").asText(),
                Access.valueOf(route.path("access").asText()))));
        return routes;
    }

    static List<Row> table() {
        List<Row> rows = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Routes.class.getResourceAsStream(TABLE), TABLE), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("method\t")) {
                    rows.add(Row.parse(number, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
