package io.campanile.common.db;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.ExecuteType;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second fence between workspaces: refuses any statement on a table with a workspace that does not say which
 * workspace it means, before the database sees it. See docs/adr/0021.
 */
public final class TenantFence implements ExecuteListener {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(TenantFence.class);
    /** Has each text once, at DEBUG: the tests take it from there and forget the workspace in it. */
    private static final Logger TEXTS = LoggerFactory.getLogger("io.campanile.common.db.statements");
    /** Statements with lists in them have many texts; what is known is forgotten rather than kept without end. */
    private static final int MOST_KNOWN = 5_000;

    private static final int LONGEST_KNOWN = 4_000;
    private static final int LONGEST_SHOWN = 500;

    private final transient Set<String> tables;
    private final transient Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    /** {@code tables}: those that have a column workspace_id. */
    TenantFence(Set<String> tables) {
        this.tables = Set.copyOf(requireNonNull(tables, "tables"));
    }

    /** A statement was about to reach over workspaces: a bug, never a caller's fault. */
    public static final class FenceException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        FenceException(String message) {
            super(message);
        }
    }

    @Override
    public void renderEnd(ExecuteContext context) {
        String sql = context.sql();
        if (sql == null) {
            return;
        }
        // Batches of queries carry their values in their texts: each is another one, and none is worth remembering.
        boolean passing = context.type() == ExecuteType.BATCH || sql.length() > LONGEST_KNOWN;
        refuse(sql, passing ? TenantStatement.problem(sql, tables) : problem(sql));
    }

    /** What is wrong with a statement; each text is read once. */
    Optional<String> problem(String sql) {
        Optional<String> problem = known.get(sql);
        if (problem == null) {
            problem = TenantStatement.problem(sql, tables);
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(sql, problem);
            TEXTS.atDebug()
                    .addKeyValue("sql", sql)
                    .addKeyValue("tables", tables)
                    .log("A statement was read");
        }
        return problem;
    }

    private static void refuse(String sql, Optional<String> problem) {
        if (problem.isPresent()) {
            LOG.atError().addKeyValue("problem", problem.get()).log("A statement that names no workspace was refused");
            throw new FenceException(problem.get() + ": " + shortened(sql));
        }
    }

    private static String shortened(String sql) {
        return sql.length() <= LONGEST_SHOWN ? sql : sql.substring(0, LONGEST_SHOWN) + "...";
    }

    /**
     * The same connection or transaction without the fence, for what has to look into all workspaces at once.
     *
     * @param reason why it has to, for whoever reads the code
     */
    public static DSLContext acrossWorkspaces(DSLContext fenced, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("Reaching over workspaces needs a reason");
        }
        return fenced.configuration()
                .derive(new DefaultExecuteListenerProvider[0])
                .dsl();
    }
}
