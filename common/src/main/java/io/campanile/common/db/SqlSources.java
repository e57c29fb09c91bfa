package io.campanile.common.db;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The tables of a FROM, a USING or the target of a change, and what their joins ask. */
final class SqlSources {
    private static final Set<String> AROUND_JOIN =
            Set.of("join", "inner", "left", "right", "full", "outer", "cross", "natural", "on", "using");
    private static final Set<String> OUTER = Set.of("left", "right", "full");

    private final Set<String> tables;
    private final List<Source> found = new ArrayList<>();
    private final SqlFacts facts = new SqlFacts();

    /** A table that has a workspace, under the name by which the statement calls it. */
    record Source(String table, String alias) {}

    /** {@code tables}: those that have a workspace; others are passed over. */
    SqlSources(Set<String> tables) {
        this.tables = tables;
    }

    List<Source> found() {
        return found;
    }

    /** What the joins pin. */
    SqlFacts facts() {
        return facts;
    }

    /** Reads what stands between FROM and the next clause. */
    void read(List<SqlNode> nodes) {
        String join = "inner";
        int rightSide = found.size();
        int i = 0;
        while (i < nodes.size()) {
            SqlNode node = nodes.get(i);
            if (node.is(",")) {
                join = "inner";
                rightSide = found.size();
                i++;
            } else if (node.in(OUTER)) {
                join = node.text();
                i++;
            } else if (node.is("join")) {
                rightSide = found.size();
                i++;
            } else if (node.is("on")) {
                int end = endOfPredicate(nodes, i + 1);
                predicate(nodes.subList(i + 1, end), join, rightSide);
                join = "inner";
                i = end;
            } else {
                i = item(nodes, i);
            }
        }
    }

    private static int endOfPredicate(List<SqlNode> nodes, int from) {
        int i = from;
        while (i < nodes.size() && !nodes.get(i).is(",") && !nodes.get(i).in(AROUND_JOIN)) {
            i++;
        }
        return i;
    }

    /** An outer join keeps the rows of one side whatever it asks of them: only the other side is pinned by it. */
    private void predicate(List<SqlNode> nodes, String join, int rightSide) {
        SqlFacts asked = SqlFacts.of(nodes, tables);
        if (join.equals("inner")) {
            facts.addAll(asked);
        } else if (join.equals("left")) {
            List<String> right = found.subList(rightSide, found.size()).stream()
                    .map(Source::alias)
                    .toList();
            facts.addAll(asked.about(right));
        }
    }

    /** A table, a query, a function or joins in parentheses; answers where the next thing begins. */
    private int item(List<SqlNode> nodes, int start) {
        SqlNode node = nodes.get(start);
        if (node instanceof SqlGroup group) {
            if (!group.isQuery()) {
                read(group.nodes());
                return start + 1;
            }
            return afterAlias(nodes, start + 1);
        }
        if (!node.word() || node.in(AROUND_JOIN) || node.is("lateral") || node.is("only")) {
            return start + 1;
        }
        return table(nodes, start);
    }

    private int table(List<SqlNode> nodes, int start) {
        int i = start;
        while (i + 2 < nodes.size() && nodes.get(i + 1).is(".")) {
            i += 2;
        }
        String name = nodes.get(i).text();
        i++;
        if (i < nodes.size() && nodes.get(i) instanceof SqlGroup) {
            return afterAlias(nodes, i + 1);
        }
        int end = afterAlias(nodes, i);
        if (tables.contains(name)) {
            int alias = i < nodes.size() && nodes.get(i).is("as") ? i + 1 : i;
            found.add(new Source(name, alias < end ? nodes.get(alias).text() : name));
        }
        return end;
    }

    private static int afterAlias(List<SqlNode> nodes, int start) {
        int i = start;
        if (i < nodes.size() && nodes.get(i).is("as")) {
            i++;
        }
        if (i < nodes.size() && nodes.get(i).word() && !nodes.get(i).in(AROUND_JOIN)) {
            i++;
            if (i < nodes.size() && nodes.get(i) instanceof SqlGroup) {
                i++;
            }
        }
        return i;
    }
}
