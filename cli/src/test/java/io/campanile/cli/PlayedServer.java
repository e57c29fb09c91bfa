package io.campanile.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Plays the wire of a server: routes by method and path, and remembers what it was asked. */
final class PlayedServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    interface Route {
        void answer(HttpExchange exchange, Asked asked) throws IOException;
    }

    /** {@code target} has the query. */
    @SuppressWarnings("ArrayRecordComponent")
    record Asked(String method, String target, Map<String, List<String>> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    PlayedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** {@code route} is the method, a space and the path without its query. */
    PlayedServer on(String route, Route answer) {
        routes.put(route, answer);
        return this;
    }

    PlayedServer on(String route, int status, String body) {
        return on(route, (exchange, request) -> send(exchange, status, body));
    }

    List<Asked> asked() {
        return asked;
    }

    /** What was asked last. */
    Asked last() {
        List<Asked> all = asked();
        return all.get(all.size() - 1);
    }

    List<Asked> asked(String route) {
        return asked.stream()
                .filter(one -> (one.method() + " " + one.target()).startsWith(route))
                .toList();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Asked request = new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                exchange.getRequestBody().readAllBytes());
        asked.add(request);
        Route route =
                routes.get(request.method() + " " + exchange.getRequestURI().getPath());
        if (route == null) {
            send(exchange, 404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found\"}");
            return;
        }
        route.answer(exchange, request);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
