package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that says exactly what it is told to: any host name, any header, from one of two addresses of loopback. */
final class Wire implements AutoCloseable {
    private static final String HOME = "127.0.0.1";
    private static final byte[] OUTSIDE = {127, 0, 0, 2};
    private static final long PATIENCE = 20;
    private final HttpClient inside;
    private final WebSocketClient sockets;
    private final int gateway;

    Wire(Vertx vertx, int gateway) {
        this.gateway = gateway;
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(8);
        this.inside = vertx.createHttpClient(new HttpClientOptions(), pool);
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(4 << 20));
    }

    /**
     * One call.
     *
     * @param port of a service, or 0 for the gateway
     * @param host what the Host header says; null: the address
     * @param outside from another address than the one the workspace allows
     */
    record Call(
            String method,
            String uri,
            @Nullable String body,
            Map<String, String> headers,
            int port,
            @Nullable String host,
            boolean outside) {
        static Call of(String method, String uri, @Nullable String body) {
            return new Call(method, uri, body, Map.of(), 0, null, false);
        }

        Call with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Call(method, uri, body, more, port, host, outside);
        }

        Call at(int other) {
            return new Call(method, uri, body, headers, other, host, outside);
        }

        Call named(String other) {
            return new Call(method, uri, body, headers, port, other, outside);
        }

        Call fromOutside() {
            return new Call(method, uri, body, headers, port, host, true);
        }

        Call query(String more) {
            String joined = uri + (uri.contains("?") ? "&" : "?") + more;
            return new Call(method, joined, body, headers, port, host, outside);
        }

        /** What the caller said, for telling it from what he was told. */
        String said() {
            return uri + " " + (body == null ? "" : body);
        }
    }

    Answer send(Call call) {
        @Nullable String body = call.body();
        return send(call, body == null ? null : Buffer.buffer(body));
    }

    Answer sendBytes(Call call, byte[] body) {
        return send(call, Buffer.buffer(body));
    }

    private Answer send(Call call, @Nullable Buffer body) {
        if (call.outside()) {
            return fromOutside(call);
        }
        long began = System.nanoTime();
        // The body is asked for where the answer arrives: a thread that comes later finds it gone.
        return await(inside.request(address(call, new RequestOptions()).setMethod(HttpMethod.valueOf(call.method())))
                .compose(request -> {
                    call.headers().forEach(request::putHeader);
                    return (body == null ? request.send() : request.send(body))
                            .compose(response -> response.body()
                                    .map(answer -> new Answer(
                                            response.statusCode(),
                                            answer.toString(),
                                            String.valueOf(response.getHeader("x-request-id")),
                                            System.nanoTime() - began)));
                }));
    }

    /** Opens a socket and closes it again: 101, or the status of the refusal. */
    Answer knock(Call call) {
        if (call.outside()) {
            return fromOutside(call.with("Upgrade", "websocket"));
        }
        long began = System.nanoTime();
        Future<WebSocket> opening = open(call);
        try {
            return await(opening.compose(socket -> socket.close().map(closed -> new Answer(101, "", "", 0))));
        } catch (Refused refused) {
            return refused.answer(began);
        }
    }

    /**
     * Subscribes to a notebook, sends a frame and then a question that anybody who may read is answered: what comes
     * before that answer is about the frame.
     */
    Answer frame(Call call, String channel, String frame, String question) {
        long began = System.nanoTime();
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        WebSocket socket;
        try {
            socket = await(open(call).onSuccess(opened -> opened.textMessageHandler(text -> heard.add(read(text)))));
        } catch (Refused refused) {
            return refused.answer(began);
        }
        String requestId = String.valueOf(socket.headers().get("x-request-id"));
        try {
            socket.writeTextMessage("{\"ch\":\"" + channel + "\",\"t\":\"sub\",\"rev\":0}");
            JsonNode first = until(heard, "snapshot", "gone");
            if (first.path("t").asText().equals("gone")) {
                // A frame to what one cannot open changes nothing either.
                socket.writeTextMessage(frame);
                JsonNode answer = until(heard, "error");
                return new Answer(404, first + "\n" + answer, "", System.nanoTime() - began);
            }
            socket.writeTextMessage(frame);
            // Another service is asked whose cluster it is: the answer comes when it comes.
            if (read(frame).path("t").asText().equals("attach")) {
                JsonNode last = until(heard, "compute", "error");
                return new Answer(status(last, 200), last.toString(), requestId, System.nanoTime() - began);
            }
            socket.writeTextMessage(question);
            return answer(heard, requestId, began);
        } finally {
            await(socket.close());
        }
    }

    private static int status(JsonNode frame, int otherwise) {
        return frame.has("error_code")
                ? ErrorCode.valueOf(frame.path("error_code").asText()).httpStatus()
                : otherwise;
    }

    private static Answer answer(BlockingQueue<JsonNode> heard, String requestId, long began) {
        StringBuilder told = new StringBuilder();
        int status = 200;
        while (true) {
            JsonNode next = next(heard);
            told.append(next).append('\n');
            status = status(next, status);
            if (next.path("t").asText().equals("outputs") && next.has("more")) {
                return new Answer(status, told.toString(), requestId, System.nanoTime() - began);
            }
        }
    }

    private static JsonNode until(BlockingQueue<JsonNode> heard, String... types) {
        while (true) {
            JsonNode next = next(heard);
            for (String type : types) {
                if (next.path("t").asText().equals(type)) {
                    return next;
                }
            }
        }
    }

    private static JsonNode next(BlockingQueue<JsonNode> heard) {
        try {
            JsonNode next = heard.poll(PATIENCE, TimeUnit.SECONDS);
            if (next == null) {
                throw new IllegalStateException("The socket says nothing");
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String text) {
        return new Answer(0, text, "", 0).json();
    }

    private Future<WebSocket> open(Call call) {
        WebSocketConnectOptions options =
                address(call, new WebSocketConnectOptions()).setAllowOriginHeader(false);
        call.headers().forEach(options::addHeader);
        return sockets.connect(options);
    }

    /** Bytes of a request from another address of loopback, which clients do not choose. */
    private Answer fromOutside(Call call) {
        long began = System.nanoTime();
        String body = call.body() == null ? "" : call.body();
        StringBuilder head = new StringBuilder(call.method() + " " + call.uri() + " HTTP/1.1\r\nHost: " + HOME + ":"
                + gateway + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n");
        call.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE));
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(OUTSIDE), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway));
            socket.getOutputStream().write((head + "\r\n" + body).getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = Integer.parseInt(answer.substring(9, 12));
            return new Answer(status, answer.substring(answer.indexOf("\r\n\r\n") + 4), "", System.nanoTime() - began);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends RequestOptions> T address(Call call, T options) {
        int port = call.port() == 0 ? gateway : call.port();
        options.setServer(SocketAddress.inetSocketAddress(port, HOME));
        options.setHost(call.host() == null ? HOME : call.host());
        options.setPort(port);
        options.setURI(call.uri());
        return options;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UpgradeRejectedException refused) {
                throw new Refused(
                        refused.getStatus(),
                        String.valueOf(refused.getBody()),
                        String.valueOf(refused.getHeaders().get("x-request-id")));
            }
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No socket: the status says why. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String requestId;

        Refused(int status, String body, String requestId) {
            super(body);
            this.status = status;
            this.requestId = requestId;
        }

        Answer answer(long began) {
            return new Answer(status, String.valueOf(getMessage()), requestId, System.nanoTime() - began);
        }
    }

    @Override
    public void close() {
        await(inside.close());
        await(sockets.close());
    }
}
