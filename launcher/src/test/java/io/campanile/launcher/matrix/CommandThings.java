package io.campanile.launcher.matrix;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** Contexts and commands of the owner. */
final class CommandThings {
    /** A life of the cluster that is yet to come: no node runs here, and what is asked of the context waits. */
    private static final long EPOCH = 1_000;

    private final Tenants tenants;
    private final Things things;

    CommandThings(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    void register() {
        things.maker("context", this::context);
        things.maker("command", this::command);
    }

    private Map<String, String> context() {
        String id = Tenants.unique();
        try (Connection connection = tenants.platform().database();
                PreparedStatement insert = connection.prepareStatement("insert into notebook_service.command_context"
                        + " (workspace_id, context_id, cluster_id, epoch, language, state, user_id, user_name,"
                        + " created_at, used_at) values (?, ?, ?, ?, 'sql', 'running', ?, ?, now(), now())")) {
            insert.setLong(1, Long.parseLong(tenants.value("workspace")));
            insert.setString(2, id);
            insert.setString(3, things.value("cluster"));
            insert.setLong(4, EPOCH);
            insert.setLong(5, Long.parseLong(tenants.value("owner.id")));
            insert.setString(6, tenants.value("owner.name"));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return Map.of("context", id);
    }

    private Map<String, String> command() {
        String id = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/1.2/commands/execute",
                        Things.json(Map.of(
                                "clusterId",
                                things.value("cluster"),
                                "contextId",
                                things.value("context"),
                                "command",
                                things.canary())))
                .json()
                .path("id")
                .asText();
        return Map.of("command", id);
    }
}
