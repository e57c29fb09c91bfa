package io.campanile.common.db;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the text of a statement as far as it takes to say whether each table with a workspace is used with its
 * workspace: pinned in the conditions of its own query block, or listed by an INSERT. What it cannot follow it refuses.
 */
final class TenantStatement {
    private static final Set<String> READ = Set.of("select", "insert", "update", "delete", "values");
    private static final Set<String> UNION = Set.of("union", "intersect", "except");
    /** What these do stands where nobody can see it. */
    private static final Set<String> OPAQUE = Set.of("do", "call", "prepare", "execute");

    private final Set<String> tables;

    private TenantStatement(Set<String> tables) {
        this.tables = tables;
    }

    /** What is wrong with {@code sql}, where {@code tables} have a workspace; empty when all is well. */
    static Optional<String> problem(String sql, Set<String> tables) {
        TenantStatement statement = new TenantStatement(tables);
        Optional<List<SqlNode>> tree = SqlGroup.tree(sql);
        if (tree.isEmpty()) {
            return Optional.of("Its parentheses do not match");
        }
        return SqlGroup.split(tree.get(), ";").stream()
                .flatMap(one -> statement.query(one).stream())
                .findFirst();
    }

    private Optional<String> query(List<SqlNode> nodes) {
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> inner = inner(nodes);
        if (inner.isPresent()) {
            return inner;
        }
        List<SqlNode> rest = nodes;
        while (!rest.isEmpty()) {
            int end = endOfBlock(rest);
            Optional<String> problem = block(rest.subList(0, end));
            if (problem.isPresent()) {
                return problem;
            }
            rest = rest.subList(Math.min(end + 1, rest.size()), rest.size());
            while (!rest.isEmpty() && (rest.get(0).is("all") || rest.get(0).is("distinct"))) {
                rest = rest.subList(1, rest.size());
            }
        }
        return Optional.empty();
    }

    /** Queries in parentheses, however deep, stand for themselves. */
    private Optional<String> inner(List<SqlNode> nodes) {
        for (SqlNode node : nodes) {
            if (node instanceof SqlGroup group) {
                Optional<String> problem = group.isQuery() ? query(group.nodes()) : inner(group.nodes());
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static int endOfBlock(List<SqlNode> nodes) {
        int i = 0;
        while (i < nodes.size() && !nodes.get(i).in(UNION)) {
            i++;
        }
        return i;
    }

    private Optional<String> block(List<SqlNode> nodes) {
        List<SqlNode> main = nodes;
        if (!main.isEmpty() && main.get(0).is("with")) {
            int i = 1;
            while (i < main.size() && !main.get(i).in(READ)) {
                i++;
            }
            main = main.subList(i, main.size());
        }
        if (main.isEmpty() || main.get(0) instanceof SqlGroup) {
            return Optional.empty();
        }
        if (main.get(0).in(READ)) {
            return new TenantQuery(main, tables).problem();
        }
        boolean refused = main.get(0).in(OPAQUE) || SqlGroup.mentions(main, tables);
        return refused ? Optional.of("It is none that can be followed") : Optional.empty();
    }
}
