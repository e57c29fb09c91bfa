package io.campanile.launcher.matrix;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** What the audit logs of all services have of refusals. */
final class Denials {
    private static final String REQUESTS = String.join(
            " union all ",
            "select request_id from identity.audit_event where outcome = 'DENIED' and request_id = any(?)",
            "select request_id from workspace.audit_event where outcome = 'DENIED' and request_id = any(?)",
            "select request_id from cluster_manager.audit_event where outcome = 'DENIED' and request_id = any(?)",
            "select request_id from notebook_service.audit_event where outcome = 'DENIED' and request_id = any(?)");

    private Denials() {}

    /** Those of the refusals that no log has. Those of sockets are written after they were told: they may take a moment. */
    static Map<String, Fault> missing(Platform platform, Map<String, Fault> refused) throws SQLException {
        Map<String, Fault> missing = new java.util.LinkedHashMap<>(refused);
        try (Connection connection = platform.database()) {
            try {
                Awaitility.await().atMost(java.time.Duration.ofSeconds(3)).until(() -> {
                    missing.keySet().removeAll(found(connection, missing.keySet()));
                    return missing.isEmpty();
                });
            } catch (org.awaitility.core.ConditionTimeoutException absent) {
                return missing;
            }
        }
        return missing;
    }

    private static Set<String> found(Connection connection, Set<String> ids) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(REQUESTS)) {
            for (int i = 1; i <= 4; i++) {
                query.setArray(i, connection.createArrayOf("varchar", ids.toArray()));
            }
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }
}
