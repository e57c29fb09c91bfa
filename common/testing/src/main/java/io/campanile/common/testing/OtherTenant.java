package io.campanile.common.testing;

import io.campanile.common.db.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Another workspace with a likeness of every row of one: the same ids, names and people wherever the database allows it,
 * so that a statement that forgets the workspace cannot miss them. Goes past the product, over its own connection.
 */
public final class OtherTenant implements AutoCloseable {
    private final Connection connection;
    private final long ours;
    private final long theirs;
    private final Map<String, String> copies = new TreeMap<>();
    private final List<String> adjustments = new ArrayList<>();
    private final Set<String> restless = new HashSet<>();
    private final Set<String> seen = new TreeSet<>();

    /** {@code without}: tables of which there can be only one row. */
    public OtherTenant(DatabaseSettings settings, String schema, long ours, long theirs, String... without) {
        this.ours = ours;
        this.theirs = theirs;
        try {
            connection = DriverManager.getConnection(
                    settings.jdbcUrl(), settings.user(), settings.password().value());
            run("set search_path to " + schema);
            // No foreign keys and no triggers here: rows come and go in any order, those of the audit log too.
            run("set session_replication_role = replica");
            for (String table : strings(
                    "select c.table_name from information_schema.columns c where c.table_schema = ?"
                            + " and c.column_name = 'workspace_id' and c.is_identity = 'NO'",
                    schema)) {
                if (!List.of(without).contains(table)) {
                    copies.put(table, copy(schema, table));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tables that loops change by themselves: what a call left of our rows there cannot be told. */
    public OtherTenant restless(String... tables) {
        restless.addAll(List.of(tables));
        return this;
    }

    /** Runs after each copying: what keeps loops that work for all workspaces from their rows. */
    public OtherTenant adjust(String sql) {
        adjustments.add(sql);
        return this;
    }

    /** Their rows become a likeness of ours, at once: no loop sees them before they are adjusted. */
    public void mirror() {
        run("begin");
        try {
            clear();
            copies.values().forEach(this::run);
            adjustments.forEach(this::run);
        } catch (IllegalStateException e) {
            run("rollback");
            throw e;
        }
        run("commit");
    }

    /** They have nothing any more. */
    public void clear() {
        copies.keySet().forEach(table -> run("delete from " + table + " where workspace_id = " + theirs));
    }

    /** What their rows are now, by table. */
    public Map<String, String> theirs() {
        Map<String, String> digests = digests(theirs);
        digests.forEach((table, digest) -> {
            if (!digest.startsWith("0 ")) {
                seen.add(table);
            }
        });
        return digests;
    }

    /** What our rows are now, but for the audit log. */
    public Map<String, String> ours() {
        Map<String, String> digests = digests(ours);
        digests.remove("audit_event");
        return digests;
    }

    /** The same without what changes by itself. */
    Map<String, String> atRest() {
        Map<String, String> digests = ours();
        digests.keySet().removeAll(restless);
        return digests;
    }

    /** The tables of which they had rows at some time. */
    public Set<String> seen() {
        return seen;
    }

    private Map<String, String> digests(long workspaceId) {
        Map<String, String> digests = new TreeMap<>();
        for (String table : copies.keySet()) {
            digests.put(
                    table,
                    strings(
                                    "select count(*) || ' ' || md5(coalesce(string_agg(t::text, ' ' order by t::text),"
                                            + " '')) from "
                                            + table + " t where workspace_id::text = ?",
                                    Long.toString(workspaceId))
                            .get(0));
        }
        return digests;
    }

    /** A statement that copies the rows of a table, with other values only where two may not have the same. */
    private String copy(String schema, String table) {
        Set<String> alone = new HashSet<>();
        for (String index : strings("""
            select string_agg(a.attname, ' ' order by a.attnum) from pg_index i
            join pg_class c on c.oid = i.indrelid
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
            where i.indisunique and n.nspname = ? and c.relname = ?
            group by i.indexrelid having not bool_or(a.attname = 'workspace_id')
            """, schema, table)) {
            alone.add(index.split(" ")[0]);
        }
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String column : strings(
                "select column_name || ' ' || data_type from information_schema.columns where table_schema = ?"
                        + " and table_name = ? and is_generated = 'NEVER'"
                        + " and coalesce(identity_generation, '') <> 'ALWAYS' order by ordinal_position",
                schema,
                table)) {
            String name = column.substring(0, column.indexOf(' '));
            names.add(name);
            if (name.equals("workspace_id")) {
                values.add(Long.toString(theirs));
            } else if (alone.contains(name)) {
                values.add(column.contains("char") ? "overlay(" + name + " placing 'b-' from 1)" : "-" + name);
            } else {
                values.add(name);
            }
        }
        return "insert into " + table + " (" + String.join(", ", names) + ") select " + String.join(", ", values)
                + " from " + table + " where workspace_id = " + ours;
    }

    private List<String> strings(String sql, String... values) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
