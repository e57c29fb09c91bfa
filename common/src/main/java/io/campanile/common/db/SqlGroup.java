package io.campanile.common.db;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands in one pair of parentheses. */
record SqlGroup(List<SqlNode> nodes) implements SqlNode {
    private static final Set<String> QUERY =
            Set.of("select", "with", "values", "insert", "update", "delete", "table", "merge");

    /** Whether it is a query of its own. */
    boolean isQuery() {
        return !nodes.isEmpty() && nodes.get(0).in(QUERY);
    }

    /** The nodes of a whole text; empty when its parentheses do not match. */
    static Optional<List<SqlNode>> tree(String sql) {
        Deque<List<SqlNode>> open = new ArrayDeque<>();
        open.push(new ArrayList<>());
        for (SqlToken token : SqlToken.all(sql)) {
            if (token.is("(")) {
                open.push(new ArrayList<>());
            } else if (token.is(")")) {
                SqlGroup group = new SqlGroup(open.pop());
                if (open.isEmpty()) {
                    return Optional.empty();
                }
                open.element().add(group);
            } else {
                open.element().add(token);
            }
        }
        return open.size() == 1 ? Optional.of(open.pop()) : Optional.empty();
    }

    /** The parts between the nodes that are {@code separator}, at this level alone. */
    static List<List<SqlNode>> split(List<SqlNode> nodes, String separator) {
        List<List<SqlNode>> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).is(separator)) {
                parts.add(nodes.subList(from, i));
                from = i + 1;
            }
        }
        parts.add(nodes.subList(from, nodes.size()));
        return parts;
    }

    /** Whether one of {@code words} is anywhere in {@code nodes}. */
    static boolean mentions(List<SqlNode> nodes, Set<String> words) {
        return nodes.stream()
                .anyMatch(node -> node instanceof SqlGroup group
                        ? mentions(group.nodes(), words)
                        : node.word() && words.contains(node.text()));
    }
}
