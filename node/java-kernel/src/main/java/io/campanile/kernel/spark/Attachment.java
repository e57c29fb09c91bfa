package io.campanile.kernel.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the kernel is told when it gets a notebook: the cluster's driver, the user and the folders.
 *
 * @param filesAccess what the agent writes when the workspace's files are not in the folder: how to ask for them
 * @param jars of the cluster's libraries
 * @param hidden values of secrets that stand in the cluster's settings, where cells can read them
 */
public record Attachment(
        String host,
        int port,
        String token,
        String userId,
        String sessionId,
        Path filesRoot,
        Path filesAccess,
        Path resultsDir,
        List<Path> jars,
        List<String> hidden) {
    public Attachment {
        jars = List.copyOf(jars);
        hidden = List.copyOf(hidden);
    }

    /** Reads the content of a {@code campanile_attach_request}. */
    public static Attachment of(JsonNode content) {
        JsonNode spark = content.path("spark");
        URI url = URI.create(required(spark, "url"));
        if (!"sc".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 0) {
            throw new IllegalArgumentException("spark.url must be sc://<host>:<port>");
        }
        return new Attachment(
                url.getHost(),
                url.getPort(),
                spark.path("token").asText(""),
                required(spark, "user_id"),
                uuid(required(spark, "session_id")),
                Path.of(required(content, "files_root")).toAbsolutePath().normalize(),
                Path.of(required(content, "files_access")).toAbsolutePath().normalize(),
                Path.of(required(content, "results_dir")).toAbsolutePath().normalize(),
                texts(content.path("jars")).stream().map(Path::of).toList(),
                texts(content.path("hidden")));
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static String required(JsonNode parent, String field) {
        String value = parent.path(field).asText("");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("Missing required field: " + field);
        }
        return value;
    }

    /** Connect accepts UUIDs only; any other id becomes one, always the same. */
    private static String uuid(String id) {
        try {
            return UUID.fromString(id).toString();
        } catch (IllegalArgumentException e) {
            return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    /** The token and what is hidden stay out of logs. */
    @Override
    public String toString() {
        return "Attachment[" + host + ":" + port + ", " + userId + "]";
    }
}
