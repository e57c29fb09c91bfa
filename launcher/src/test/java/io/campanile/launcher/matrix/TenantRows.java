package io.campanile.launcher.matrix;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fingerprint of every row that a workspace has in any schema. Left out is what changes without anybody's request,
 * or because somebody was here: sessions, the audit log, visits, times of last use, and what services note in the
 * background of clusters, nodes and runs.
 */
final class TenantRows implements AutoCloseable {
    private static final List<String> SCHEMAS = List.of("identity", "workspace", "cluster_manager", "notebook_service");
    private static final Set<String> LEFT_OUT = Set.of(
            "login_session",
            "audit_event",
            "visit",
            "document_deletion",
            "content_deletion",
            "cluster_event",
            "node",
            "kernel",
            "flyway_schema_history");
    private static final List<String> LAST_USED =
            List.of("last_used_at", "failed_logins", "locked_until", "last_failed_at", "modified_at");
    private static final Map<String, List<String>> BACKGROUND = Map.of(
            "cluster",
            List.of(
                    "observed_generation",
                    "state",
                    "state_message",
                    "state_since",
                    "epoch",
                    "start_attempts",
                    "start_failed",
                    "driver_silent",
                    "driver_node_id",
                    "running_since",
                    "terminated_at",
                    "termination",
                    "change_seq"),
            "cell_run",
            List.of("state", "finished_at", "compute_asked", "cluster_id", "kernel_id", "epoch", "message"),
            "notebook_history",
            List.of("at"),
            // Told by the notebook service within ten seconds; its own table of notebooks has it at once.
            "tree_object",
            List.of("language"));

    private final Connection connection;
    private final PreparedStatement fingerprint;
    private final PreparedStatement waiting;
    private final PreparedStatement doomed;
    private final int tables;

    TenantRows(Connection connection) throws SQLException {
        this.connection = connection;
        List<String> parts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select table_schema, table_name, max(case when column_name in"
                        + " ('workspace_id', 'home_workspace_id') then column_name end) from information_schema.columns"
                        + " where table_schema in ('" + String.join("', '", SCHEMAS)
                        + "') group by 1, 2 order by 1, 2")) {
            while (found.next()) {
                String table = found.getString(2);
                if (found.getString(3) != null && LEFT_OUT.stream().noneMatch(table::startsWith)) {
                    parts.add(part(found.getString(1), table, found.getString(3)));
                }
            }
        }
        tables = parts.size();
        fingerprint = connection.prepareStatement(String.join(" union all ", parts));
        waiting = connection.prepareStatement("select 1 from notebook_service.cell_run q where q.workspace_id = ?"
                + " and q.state = 'queued' and q.pinned_epoch is null"
                + " and not exists (select 1 from notebook_service.cell_run o"
                + " where o.workspace_id = q.workspace_id and o.notebook_id = q.notebook_id"
                + " and o.state in ('starting', 'running')) union all"
                + " select 1 from notebook_service.command_context c where c.workspace_id = ? and c.state = 'destroyed'"
                + " union all select 1 from workspace.document_deletion d where d.workspace_id = ?"
                + " and (d.due_at <= now() or d.attempts > 0) limit 1");
        doomed = connection.prepareStatement(
                "select object_id || '-' || content_id from workspace.content_deletion where workspace_id = ?");
    }

    /**
     * Whether the first run of some notebook has not got its cluster yet, which comes with rows of its own, a deleted
     * notebook has not lost its document yet, or a destroyed context its rows. A command waits and brings no rows.
     */
    boolean underWay(long workspaceId) {
        try {
            waiting.setLong(1, workspaceId);
            waiting.setLong(2, workspaceId);
            waiting.setLong(3, workspaceId);
            try (ResultSet run = waiting.executeQuery()) {
                return run.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of the files of contents whose deletion was ordered: they go in the background, at any moment. */
    Set<String> doomed(long workspaceId) {
        try {
            doomed.setLong(1, workspaceId);
            Set<String> names = new HashSet<>();
            try (ResultSet found = doomed.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many tables are looked at. */
    int tables() {
        return tables;
    }

    private static String part(String schema, String table, String column) {
        List<String> without = new ArrayList<>(LAST_USED);
        without.addAll(BACKGROUND.getOrDefault(table, List.of()));
        String row = "md5((to_jsonb(t) - array['" + String.join("', '", without) + "'])::text)";
        return "select '" + schema + "." + table + "', count(*) || ' ' || coalesce(md5(string_agg(" + row
                + ", '' order by " + row + ")), '') from " + schema + "." + table + " t where t." + column + " = ?";
    }

    /** By table: what changed is named. */
    Map<String, String> of(long workspaceId) {
        try {
            for (int i = 1; i <= tables; i++) {
                fingerprint.setLong(i, workspaceId);
            }
            Map<String, String> marks = new java.util.TreeMap<>();
            try (ResultSet rows = fingerprint.executeQuery()) {
                while (rows.next()) {
                    marks.put(rows.getString(1), rows.getString(2));
                }
            }
            return marks;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
