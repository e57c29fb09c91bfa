package io.campanile.launcher.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** A log of the owner's cluster, as a node would have sent it: none runs here. */
final class LogThings {
    private final Tenants tenants;
    private final Things things;

    LogThings(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    void register() {
        things.maker("log", this::log);
    }

    /** The id of its node; the stream is {@code stderr}. */
    private Map<String, String> log() {
        String node = "node-" + Tenants.unique();
        String workspace = tenants.value("workspace");
        String cluster = things.value("cluster");
        byte[] text = (things.canary() + "\n").getBytes(StandardCharsets.UTF_8);
        Path folder =
                tenants.platform().dataDir().resolve("logs").resolve(workspace).resolve(cluster);
        try (Connection connection = tenants.platform().database();
                PreparedStatement insert = connection.prepareStatement("insert into cluster_manager.node_log"
                        + " (workspace_id, cluster_id, node_id, stream, epoch, role, first_offset, next_offset,"
                        + " first_at, last_at) values (?, ?, ?, 'stderr', 1, 'DRIVER', 0, ?, ?, ?)")) {
            Files.createDirectories(folder.resolve(node).resolve("stderr"));
            Files.write(folder.resolve(node).resolve("stderr").resolve("0"), text);
            insert.setLong(1, Long.parseLong(workspace));
            insert.setString(2, cluster);
            insert.setString(3, node);
            insert.setLong(4, text.length);
            insert.setLong(5, System.currentTimeMillis());
            insert.setLong(6, System.currentTimeMillis());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("log", node);
    }
}
