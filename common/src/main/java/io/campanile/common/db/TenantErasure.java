package io.campanile.common.db;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * Deletes what one service's schema has of a workspace: the rows of every table that carry it. The audit log stays, it
 * is the record of what was done. Blocking.
 */
public final class TenantErasure {
    private static final int AT_ONCE = 10_000;
    private static final String AUDIT = "audit_event";
    private static final String REFERENCES = """
        select distinct child.relname, parent.relname from pg_constraint k
        join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
        join pg_namespace n on n.oid = child.relnamespace
        where k.contype = 'f' and n.nspname = current_schema()
        """;

    private final Database database;
    private final Set<String> kept;

    /** {@code kept}: tables that go on saying something of a workspace that is gone. */
    public TenantErasure(Database database, String... kept) {
        this.database = requireNonNull(database, "database");
        this.kept = new HashSet<>(List.of(kept));
        this.kept.add(AUDIT);
    }

    /** What was deleted, and whether that was all of it. */
    public record Erased(long rows, boolean done) {}

    /** Deletes for about {@code patience}; what is left then is for the next time. */
    public Erased erase(long workspaceId, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        long rows = 0;
        Map<String, Set<String>> references = references();
        for (String table : childrenFirst(references)) {
            boolean ofItself = references.getOrDefault(table, Set.of()).contains(table);
            int some;
            do {
                if (System.nanoTime() > end) {
                    return new Erased(rows, false);
                }
                some = ofItself ? delete(table, workspaceId) : deleteSome(table, workspaceId);
                rows += some;
            } while (some == AT_ONCE && !ofItself);
        }
        return new Erased(rows, true);
    }

    private int delete(String table, long workspaceId) {
        return database.context()
                .execute("delete from {0} where workspace_id = {1}", DSL.table(DSL.name(table)), DSL.val(workspaceId));
    }

    /** Few enough for nobody to wait for, and for a connection to stay. */
    private int deleteSome(String table, long workspaceId) {
        return database.context()
                .execute(
                        "delete from {0} where workspace_id = {1}"
                                + " and ctid = any (array(select ctid from {0} where workspace_id = {1} limit {2}))",
                        DSL.table(DSL.name(table)), DSL.val(workspaceId), DSL.inline(AT_ONCE));
    }

    /** The tables each table refers to. */
    private Map<String, Set<String>> references() {
        Map<String, Set<String>> references = new HashMap<>();
        for (Record row : database.context().fetch(REFERENCES)) {
            references
                    .computeIfAbsent(row.get(0, String.class), child -> new HashSet<>())
                    .add(row.get(1, String.class));
        }
        return references;
    }

    private List<String> childrenFirst(Map<String, Set<String>> references) {
        Set<String> left = new TreeSet<>(database.tenantTables());
        left.removeAll(kept);
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> next = left.stream()
                    .filter(table -> left.stream()
                            .noneMatch(other -> !other.equals(table)
                                    && references.getOrDefault(other, Set.of()).contains(table)))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("Tables that refer to each other in a ring: " + left);
            }
            order.addAll(next);
            next.forEach(left::remove);
        }
        return order;
    }
}
