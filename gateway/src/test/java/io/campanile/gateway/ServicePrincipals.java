package io.campanile.gateway;

import io.campanile.common.db.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Writes to the directory what its own routes are tested for elsewhere. */
final class ServicePrincipals {
    private ServicePrincipals() {}

    /** The id of a new service principal of a workspace. */
    static long create(DatabaseSettings settings, long workspaceId, String applicationId) throws SQLException {
        try (Connection connection = connect(settings)) {
            long id;
            try (Statement statement = connection.createStatement();
                    ResultSet next = statement.executeQuery("select nextval('identity.principal_id_seq')")) {
                next.next();
                id = next.getLong(1);
            }
            insert(
                    connection,
                    "insert into identity.person (user_id, home_workspace_id, kind, login_name, account_admin,"
                            + " failed_logins, created_at) values (?, ?, 'SERVICE_PRINCIPAL', ?, false, 0, now())",
                    id,
                    workspaceId,
                    applicationId);
            insert(
                    connection,
                    "insert into identity.account (user_id, workspace_id, kind, user_name, login_name, display_name,"
                            + " active, created_at) values (?, ?, 'SERVICE_PRINCIPAL', ?, ?, 'robot', true, now())",
                    id,
                    workspaceId,
                    applicationId,
                    applicationId);
            return id;
        }
    }

    static void deactivate(DatabaseSettings settings, long workspaceId, long userId) throws SQLException {
        try (Connection connection = connect(settings)) {
            insert(
                    connection,
                    "update identity.account set active = false where user_id = ? and workspace_id = ?",
                    userId,
                    workspaceId);
        }
    }

    /** How many rows the audit log has of an action and an outcome in a workspace. */
    static int audited(DatabaseSettings settings, long workspaceId, String action, String outcome) throws SQLException {
        try (Connection connection = connect(settings);
                PreparedStatement statement = connection.prepareStatement("select count(*) from identity.audit_event"
                        + " where workspace_id = ? and action = ? and outcome = ?")) {
            statement.setLong(1, workspaceId);
            statement.setString(2, action);
            statement.setString(3, outcome);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static Connection connect(DatabaseSettings settings) throws SQLException {
        return DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value());
    }

    private static void insert(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
