package io.campanile.gateway.door;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The gateway's check of path and headers, which every request passes, on a request as Vert.x parsed it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RequestGuardBench {
    private static final String TARGET =
            "/api/campanile/v1/results/2b1f8f5e-7a52-4a8e-9b39-6d3a0f1c2e4d/rows?offset=200&limit=200&sort=name%3Adesc";

    private final Vertx vertx = Vertx.vertx();
    private final RequestGuard guard = new RequestGuard(new HostNames(Set.of(), Set.of("localhost")));
    private final HttpServerRequest request;

    public RequestGuardBench() {
        try {
            request = received();
        } catch (Exception e) {
            throw new IllegalStateException("No request to check", e);
        }
        guard.objection(request).ifPresent(why -> {
            throw new IllegalStateException("The request is refused: " + why);
        });
    }

    private HttpServerRequest received() throws Exception {
        CompletableFuture<HttpServerRequest> received = new CompletableFuture<>();
        HttpServer server = vertx.createHttpServer()
                // Not answered: Vert.x clears the headers of a request that is over.
                .requestHandler(received::complete)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        var unanswered = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + TARGET))
                                .header("Accept", "application/json")
                                .header("Accept-Language", "en-US,en;q=0.9")
                                .header("Cookie", "campanile=0123456789abcdef0123456789abcdef")
                                .header("Sec-Fetch-Site", "same-origin")
                                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36")
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        unanswered.exceptionally(closed -> null);
        return received.get(20, TimeUnit.SECONDS);
    }

    @Benchmark
    public Object objection() {
        return guard.objection(request);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }
}
