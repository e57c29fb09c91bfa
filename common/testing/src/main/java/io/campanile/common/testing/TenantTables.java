package io.campanile.common.testing;

import io.campanile.common.db.Database;
import io.campanile.common.db.TenantFence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The tables of a service's schema, and whether its fence holds around each of them. */
public final class TenantTables {
    private static final Field<Long> WORKSPACE = DSL.field(DSL.name("workspace_id"), Long.class);

    private final Database database;
    private final DSLContext everything;
    private final String schema;

    public TenantTables(Database database, String schema) {
        this.database = database;
        this.everything = database.acrossWorkspaces("tests look at all tables");
        this.schema = schema;
    }

    /** Those whose rows carry a workspace. */
    public Set<String> fenced() {
        return new TreeSet<>(everything
                .fetch(
                        "select table_name from information_schema.columns where table_schema = ?"
                                + " and column_name = 'workspace_id'",
                        schema)
                .into(String.class));
    }

    /** Those whose rows carry none, but for what migrations note. */
    public Set<String> open() {
        Set<String> tables = new TreeSet<>(everything
                .fetch("select table_name from information_schema.tables where table_schema = ?", schema)
                .into(String.class));
        tables.removeAll(fenced());
        tables.removeIf(table -> table.startsWith("flyway_"));
        return tables;
    }

    /** What was not refused though it forgot the workspace; nothing when the fence holds. */
    public List<String> holes() {
        List<String> holes = new ArrayList<>();
        for (String table : fenced()) {
            attempts(table).forEach((what, attempt) -> {
                if (!isRefused(() -> attempt.accept(database.context()))) {
                    holes.add(what + " " + table);
                }
                if (!isRefused(() -> database.transact(attempt))) {
                    holes.add(what + " " + table + " in a transaction");
                }
            });
        }
        return holes;
    }

    /** Those that a statement which names a workspace reaches: all of them, or the fence is no gate. */
    public Set<String> reached() {
        Set<String> reached = new TreeSet<>();
        for (String table : fenced()) {
            database.context().fetchCount(table(table), WORKSPACE.eq(-1L));
            reached.add(table);
        }
        return reached;
    }

    private static Map<String, Consumer<DSLContext>> attempts(String name) {
        Table<Record> table = table(name);
        Condition always = DSL.trueCondition();
        Condition wrong = WORKSPACE.ne(-1L);
        Map<String, Consumer<DSLContext>> attempts = new TreeMap<>();
        attempts.put("select", db -> db.select(WORKSPACE).from(table).fetch());
        attempts.put(
                "select of others",
                db -> db.select(WORKSPACE).from(table).where(wrong).fetch());
        attempts.put("plain select", db -> db.fetch("select * from " + name));
        attempts.put("plain select with the schema", db -> db.fetch("select * from only public." + name + " t"));
        attempts.put("count", db -> db.fetchCount(table));
        attempts.put("exists", db -> db.fetchExists(table, always));
        attempts.put(
                "lazy select",
                db -> db.select(WORKSPACE).from(table).fetchLazy().close());
        attempts.put(
                "plain condition",
                db -> db.select(WORKSPACE)
                        .from(table)
                        .where("workspace_id = ? or true", 1L)
                        .fetch());
        attempts.put(
                "inner select",
                db -> db.selectOne()
                        .where(DSL.exists(DSL.selectOne().from(table)))
                        .fetch());
        attempts.put("delete", db -> db.deleteFrom(table).execute());
        attempts.put("plain delete", db -> db.execute("delete from " + name + " where workspace_id is not null"));
        attempts.put(
                "update",
                db -> db.update(table)
                        .set(WORKSPACE, 1L)
                        .where(WORKSPACE.eq(2L))
                        .execute());
        attempts.put("insert", db -> db.execute("insert into " + name + " select * from " + name));
        attempts.put(
                "batch",
                db -> db.batch(db.query("delete from " + name), db.query("delete from " + name))
                        .execute());
        attempts.put(
                "bound batch",
                db -> db.batch("delete from " + name + " where workspace_id <> ?")
                        .bind(1L)
                        .execute());
        attempts.put("with", db -> db.fetch("with gone as (delete from " + name + " returning 1) select 1 from gone"));
        attempts.put("truncate", db -> db.truncate(table).execute());
        return attempts;
    }

    private static Table<Record> table(String name) {
        return DSL.table(DSL.name(name));
    }

    private static boolean isRefused(Runnable attempt) {
        try {
            attempt.run();
            return false;
        } catch (TenantFence.FenceException refused) {
            return true;
        } catch (RuntimeException another) {
            // What got as far as the database has passed the fence.
            return false;
        }
    }
}
