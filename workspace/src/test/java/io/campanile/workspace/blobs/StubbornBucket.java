package io.campanile.workspace.blobs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * As much of S3 as deleting needs, with objects of no bytes. Some of them it does not delete: it answers 200 all the same
 * and names them, as S3 does where a policy protects an object.
 */
final class StubbornBucket implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");
    private static final Pattern PREFIX = Pattern.compile("(?:^|&)prefix=([^&]*)");
    private static final String TIME = "2026-01-01T00:00:00.000Z";

    final Set<String> keys = new ConcurrentSkipListSet<>();
    final Set<String> kept = new ConcurrentSkipListSet<>();
    private final HttpServer server;

    StubbornBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/files", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String key = exchange.getRequestURI().getPath().replaceFirst("^/files/?", "");
        switch (exchange.getRequestMethod()) {
            case "HEAD" -> head(exchange, key);
            case "PUT" -> {
                keys.add(key);
                exchange.getResponseHeaders().set("ETag", "\"e\"");
                send(exchange, "");
            }
            case "GET" -> send(exchange, list(exchange.getRequestURI().getRawQuery()));
            default -> send(exchange, delete(body));
        }
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        boolean there = keys.contains(key);
        if (there) {
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            exchange.getResponseHeaders().set("Content-Length", "0");
            exchange.getResponseHeaders().set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        }
        exchange.sendResponseHeaders(there ? 200 : 404, -1);
        exchange.close();
    }

    private String list(String query) {
        String prefix = PREFIX.matcher(query)
                .results()
                .findFirst()
                .map(found -> URLDecoder.decode(found.group(1), StandardCharsets.UTF_8))
                .orElse("");
        return "<ListBucketResult><IsTruncated>false</IsTruncated>"
                + keys.stream()
                        .filter(key -> key.startsWith(prefix))
                        .map(key -> "<Contents><Key>" + key + "</Key><LastModified>" + TIME
                                + "</LastModified><ETag>&quot;e&quot;</ETag><Size>0</Size></Contents>")
                        .collect(Collectors.joining())
                + "</ListBucketResult>";
    }

    private String delete(String body) {
        return "<DeleteResult>"
                + KEY.matcher(body)
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .map(key -> {
                            if (kept.contains(key)) {
                                return "<Error><Key>" + key + "</Key><Code>AccessDenied</Code>"
                                        + "<Message>Access Denied</Message></Error>";
                            }
                            keys.remove(key);
                            return "<Deleted><Key>" + key + "</Key></Deleted>";
                        })
                        .collect(Collectors.joining())
                + "</DeleteResult>";
    }

    private static void send(HttpExchange exchange, String xml) throws IOException {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
