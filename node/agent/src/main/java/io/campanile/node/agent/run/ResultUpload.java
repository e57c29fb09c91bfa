package io.campanile.node.agent.run;

import io.campanile.node.agent.Loop;
import io.campanile.node.agent.stream.Backoff;
import io.campanile.node.agent.stream.Endpoints;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries result files to notebook-service, for as long as it takes. Belongs to the agent's loop. */
public final class ResultUpload {
    private static final Logger LOG = LoggerFactory.getLogger(ResultUpload.class);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http;
    private final Endpoints endpoints;
    private final Path folder;
    private final Supplier<String> token;
    private final Loop loop;

    public ResultUpload(HttpClient http, Endpoints endpoints, Path folder, Supplier<String> token, Loop loop) {
        this.http = http;
        this.endpoints = endpoints;
        this.folder = folder;
        this.token = token;
        this.loop = loop;
    }

    /**
     * Completes on the loop with true when the file is stored, with false when it never can be. The file is found by its
     * id: a path that comes out of a kernel is user input and could name any file of this machine.
     */
    CompletableFuture<Boolean> upload(long runId, String resultId, boolean truncated) {
        Path file = folder.resolve(resultId + ".arrow");
        if (!ID.matcher(resultId).matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.atWarn().addKeyValue("runId", runId).log("A result without its file");
            return CompletableFuture.completedFuture(false);
        }
        var stored = new CompletableFuture<Boolean>();
        String target = "/node/v1/results/" + resultId + "?run_id=" + runId + "&truncated=" + truncated;
        attempt(runId, target, file, new Backoff(), stored);
        return stored;
    }

    private void attempt(long runId, String target, Path file, Backoff backoff, CompletableFuture<Boolean> stored) {
        try {
            var request = HttpRequest.newBuilder(
                            endpoints.http("notebook-service").resolve(target))
                    .header("Authorization", "Bearer " + token.get())
                    .header("Content-Type", "application/vnd.apache.arrow.file")
                    .timeout(PATIENCE)
                    .PUT(BodyPublishers.ofFile(file))
                    .build();
            http.sendAsync(request, BodyHandlers.discarding())
                    .handle((response, failure) -> response == null ? 0 : response.statusCode())
                    .thenAcceptAsync(
                            status -> {
                                if (status / 100 == 2 || refused(status)) {
                                    settle(runId, file, status, stored);
                                    return;
                                }
                                again(runId, target, file, backoff, stored);
                            },
                            loop);
        } catch (IOException e) {
            LOG.debug("A result was not sent", e);
            again(runId, target, file, backoff, stored);
        }
    }

    private void again(long runId, String target, Path file, Backoff backoff, CompletableFuture<Boolean> stored) {
        loop.after(backoff.next(), () -> attempt(runId, target, file, backoff, stored));
    }

    /** A token may be renewed and a service may come back; a request that is wrong stays wrong. */
    private static boolean refused(int status) {
        return status == 400 || status == 404 || status == 409 || status == 413;
    }

    private static void settle(long runId, Path file, int status, CompletableFuture<Boolean> stored) {
        boolean taken = status / 100 == 2;
        if (!taken) {
            LOG.atWarn()
                    .addKeyValue("runId", runId)
                    .addKeyValue("status", status)
                    .log("A result was refused");
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("A result file stays", e);
        }
        stored.complete(taken);
    }
}
