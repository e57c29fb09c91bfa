package io.campanile.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.agent.stream.Backoff;
import io.campanile.node.agent.stream.Endpoints;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a token for the workspace's files at hand for the driver and the kernels, where files are in no folder of this
 * machine. The owner's code runs in those: they get a token that is good for the owner's files, for minutes, and nothing
 * else; the work token stays here. Belongs to the agent's loop.
 */
final class FilesToken {
    private static final Logger LOG = LoggerFactory.getLogger(FilesToken.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A service may begin to keep files in a bucket, or end it, while nodes live on. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Endpoints endpoints;
    private final NodeConfig config;
    private final Supplier<String> token;
    private final Loop loop;
    private final Backoff backoff = new Backoff();

    FilesToken(HttpClient http, Endpoints endpoints, NodeConfig config, Supplier<String> token, Loop loop) {
        this.http = http;
        this.endpoints = endpoints;
        this.config = config;
        this.token = token;
        this.loop = loop;
    }

    /** Where it is. */
    static Path of(NodeConfig config) {
        return config.folder().resolve("files-access.json");
    }

    /** From now on until the loop closes. */
    void keep(Path filesRoot) {
        if (!isInBucket(filesRoot)) {
            loop.after(LOOK, () -> keep(filesRoot));
            return;
        }
        try {
            var request = HttpRequest.newBuilder(endpoints.http("workspace").resolve("/node/v1/files/token"))
                    .header("Authorization", "Bearer " + token.get())
                    .timeout(PATIENCE)
                    .POST(BodyPublishers.noBody())
                    .build();
            http.sendAsync(request, BodyHandlers.ofString())
                    .handle((response, failure) -> response)
                    .thenAcceptAsync(response -> answered(filesRoot, response), loop);
        } catch (IOException e) {
            LOG.debug("A token for files was not asked for", e);
            again(filesRoot);
        }
    }

    private void answered(Path filesRoot, @Nullable HttpResponse<String> response) {
        if (response == null || response.statusCode() != 200) {
            again(filesRoot);
            return;
        }
        try {
            JsonNode answer = NodeJson.read(response.body(), JsonNode.class);
            PrivateFiles.write(
                    of(config),
                    NodeJson.write(
                            Map.of("token", answer.path("token").asText(), "endpoints_file", config.endpointsFile())));
            backoff.reset();
            Duration life = Duration.ofSeconds(answer.path("expires_in").asLong());
            loop.after(life.dividedBy(2), () -> keep(filesRoot));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("The token for files cannot be kept", e);
            again(filesRoot);
        }
    }

    private void again(Path filesRoot) {
        loop.after(backoff.next(), () -> keep(filesRoot));
    }

    private static boolean isInBucket(Path filesRoot) {
        try {
            return Files.readString(filesRoot.resolveSibling(".storage"))
                    .strip()
                    .equals("s3");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.warn("It cannot be told where files are kept", e);
            return false;
        }
    }
}
