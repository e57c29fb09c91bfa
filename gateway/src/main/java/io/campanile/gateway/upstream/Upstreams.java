package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Handover;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.http.Streams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Pooled connections to the services. An address that refuses a connection is looked up again, once, at once. */
public final class Upstreams implements AutoCloseable {
    /** To one service at once. */
    public static final int CONNECTIONS = 256;

    private static final int CONNECT_MILLIS = 2_000;

    private final ServiceDirectory directory;
    private final Blocking blocking;
    private final HttpClient http;
    private final WebSocketClient sockets;
    private final Map<String, URI> addresses = new ConcurrentHashMap<>();

    public Upstreams(Vertx vertx, ServiceDirectory directory, Blocking blocking) {
        this.directory = requireNonNull(directory, "directory");
        this.blocking = requireNonNull(blocking, "blocking");
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setTcpNoDelay(true)
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(30)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setMaxHeaderSize(64 * 1024)
                        .setMaxChunkSize(Streams.PIECE)
                        .setMaxInitialLineLength(32 * 1024),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(1024));
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setTcpNoDelay(true)
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxConnections(10_000)
                .setMaxFrameSize(4 * 1024 * 1024)
                .setMaxMessageSize(16 * 1024 * 1024)
                .setClosingTimeout(2));
    }

    /**
     * Opens a request; fails with TEMPORARILY_UNAVAILABLE when the service cannot be reached: nothing was sent then.
     *
     * @param options are completed with the address
     */
    public Future<HttpClientRequest> request(String service, RequestOptions options) {
        return connect(
                service,
                address -> http.request(options.setHost(address.getHost())
                        .setPort(address.getPort())
                        .setConnectTimeout(CONNECT_MILLIS)));
    }

    /** Whether a service, as far as its address is known, is in this process and takes bodies without a socket. */
    public boolean takesBodies(String service) {
        URI known = addresses.get(service);
        return known != null && Handover.withinThisProcess().takesBodiesAt(known.getPort());
    }

    /** Opens a WebSocket; fails with UpgradeRejectedException when the service says no. */
    public Future<WebSocket> socket(String service, WebSocketConnectOptions options) {
        return connect(
                service,
                address -> sockets.connect(new WebSocketConnectOptions(options)
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setTimeout(10_000)));
    }

    @Override
    public void close() {
        http.close();
        sockets.close();
    }

    private <T> Future<T> connect(String service, Function<URI, Future<T>> open) {
        return address(service)
                .compose(open)
                .recover(failure -> refused(failure)
                        ? lookUpAgain(service)
                                .compose(open)
                                .recover(again -> Future.failedFuture(refused(again) ? down(service, again) : again))
                        : Future.failedFuture(failure));
    }

    private Future<URI> address(String service) {
        URI known = addresses.get(service);
        return known != null ? Future.succeededFuture(known) : blocking.call(() -> lookUp(service));
    }

    private Future<URI> lookUpAgain(String service) {
        addresses.remove(service);
        return blocking.call(() -> {
            directory.refresh();
            return lookUp(service);
        });
    }

    private URI lookUp(String service) {
        URI address = URI.create(directory.url(service));
        addresses.put(service, address);
        return address;
    }

    /** Connection refused, timed out while connecting, or no free connection in the pool. */
    private static boolean refused(Throwable failure) {
        return failure instanceof java.net.ConnectException
                || failure instanceof java.net.NoRouteToHostException
                || failure instanceof io.vertx.core.http.ConnectionPoolTooBusyException;
    }

    private static ApiException down(String service, Throwable cause) {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "The " + service + " service does not answer at the moment; try again",
                List.of(Map.of("retry_after_seconds", 1)),
                cause);
    }
}
