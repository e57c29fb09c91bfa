package io.campanile.common.db;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a condition says about the column workspace_id wherever it holds: of which tables it is compared to a value,
 * and of which it is equal to that of another. Reads AND, OR and parentheses; of what it does not know it says nothing.
 */
final class SqlFacts {
    static final String COLUMN = "workspace_id";
    private static final String OPERATORS = "<>!=~@#%^&|`*/";
    private static final Set<String> VALUE_WORDS =
            Set.of("cast", "as", "any", "array", "bigint", "int8", "integer", "int", "numeric");

    /** Tables by the names the statement calls them; empty text: the only one there is. */
    private final Set<String> pinned = new HashSet<>();

    private final Set<Link> links = new HashSet<>();

    /** The second has the workspace of the first. */
    record Link(String from, String to) {}

    static SqlFacts of(List<SqlNode> condition, Set<String> tables) {
        SqlFacts facts = new SqlFacts();
        List<List<SqlNode>> either = operands(condition, "or");
        if (either.size() > 1) {
            facts.addAll(of(either.get(0), tables));
            for (List<SqlNode> other : either.subList(1, either.size())) {
                SqlFacts also = of(other, tables);
                facts.pinned.retainAll(also.pinned);
                facts.links.retainAll(also.links);
            }
            return facts;
        }
        List<List<SqlNode>> all = operands(condition, "and");
        if (all.size() > 1) {
            all.forEach(one -> facts.addAll(of(one, tables)));
            return facts;
        }
        if (condition.size() == 1 && condition.get(0) instanceof SqlGroup group && !group.isQuery()) {
            return of(group.nodes(), tables);
        }
        facts.compare(condition, tables);
        return facts;
    }

    void addAll(SqlFacts others) {
        pinned.addAll(others.pinned);
        links.addAll(others.links);
    }

    /** The part that says something about {@code aliases}. */
    SqlFacts about(Collection<String> aliases) {
        SqlFacts part = new SqlFacts();
        pinned.stream().filter(aliases::contains).forEach(part.pinned::add);
        links.stream()
                .filter(link -> aliases.contains(link.to()) && !aliases.contains(link.from()))
                .forEach(part.links::add);
        return part;
    }

    /** The names that are pinned in a query whose own tables are {@code aliases}; others are looked at elsewhere. */
    Set<String> pinned(Collection<String> aliases) {
        Set<String> known = new HashSet<>(pinned);
        Set<String> ours = new HashSet<>(aliases);
        ours.add("");
        boolean more = true;
        while (more) {
            more = false;
            for (Link link : links) {
                if (known.contains(link.from()) || !ours.contains(link.from())) {
                    more |= known.add(link.to());
                }
            }
        }
        return known;
    }

    /** The operands of a connective; those of BETWEEN and of CASE stay together. */
    private static List<List<SqlNode>> operands(List<SqlNode> nodes, String connective) {
        List<List<SqlNode>> parts = new ArrayList<>();
        int from = 0;
        int cases = 0;
        boolean between = false;
        for (int i = 0; i < nodes.size(); i++) {
            SqlNode node = nodes.get(i);
            if (node.is("case")) {
                cases++;
            } else if (node.is("end")) {
                cases--;
            } else if (node.is("between")) {
                between = true;
            } else if (node.is("and") && between) {
                between = false;
            } else if (node.is(connective) && cases == 0) {
                parts.add(nodes.subList(from, i));
                from = i + 1;
            }
        }
        parts.add(nodes.subList(from, nodes.size()));
        return parts;
    }

    private void compare(List<SqlNode> condition, Set<String> tables) {
        if (condition.stream().anyMatch(node -> node.is("not") || node.is("case") || node.is("between"))) {
            return;
        }
        int equals = equalsSign(condition);
        if (equals > 0) {
            equal(condition.subList(0, equals), condition.subList(equals + 1, condition.size()), tables);
            return;
        }
        int in = condition.size() - 2;
        if (in > 0 && condition.get(in).is("in") && condition.get(in + 1) instanceof SqlGroup some) {
            oneOf(condition.subList(0, in), some, tables);
        }
    }

    /** Where the only comparison of the condition is; -1 when there is none or another. */
    private static int equalsSign(List<SqlNode> condition) {
        int found = -1;
        for (int i = 0; i < condition.size(); i++) {
            if (isOperator(condition, i)) {
                boolean alone = condition.get(i).is("=") && !isOperator(condition, i + 1) && found < 0;
                if (!alone) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    private static boolean isOperator(List<SqlNode> nodes, int i) {
        return i < nodes.size()
                && nodes.get(i).text().length() == 1
                && OPERATORS.contains(nodes.get(i).text());
    }

    private void equal(List<SqlNode> left, List<SqlNode> right, Set<String> tables) {
        if (isRow(left) && isRow(right)) {
            List<List<SqlNode>> lefts = items(left.get(0));
            List<List<SqlNode>> rights = items(right.get(0));
            for (int i = 0; i < lefts.size() && lefts.size() == rights.size(); i++) {
                equal(lefts.get(i), rights.get(i), tables);
            }
            return;
        }
        Optional<String> one = column(left);
        Optional<String> other = column(right);
        if (one.isPresent() && other.isPresent()) {
            links.add(new Link(one.get(), other.get()));
            links.add(new Link(other.get(), one.get()));
        } else if (one.isPresent() && isValue(right, tables)) {
            pinned.add(one.get());
        } else if (other.isPresent() && isValue(left, tables)) {
            pinned.add(other.get());
        }
    }

    /** {@code x in (...)}, where x may be a row. */
    private void oneOf(List<SqlNode> left, SqlGroup some, Set<String> tables) {
        List<List<SqlNode>> columns = isRow(left) ? items(left.get(0)) : List.of(left);
        for (int i = 0; i < columns.size(); i++) {
            int place = i;
            boolean values = some.isQuery()
                    ? isValue(List.of(some), tables)
                    : SqlGroup.split(some.nodes(), ",").stream()
                            .allMatch(item -> isValue(columns.size() == 1 ? item : part(item, place), tables));
            if (values) {
                column(columns.get(i)).ifPresent(pinned::add);
            }
        }
    }

    private static boolean isRow(List<SqlNode> nodes) {
        return nodes.size() == 1 && nodes.get(0) instanceof SqlGroup group && !group.isQuery();
    }

    private static List<SqlNode> part(List<SqlNode> row, int place) {
        List<List<SqlNode>> parts = isRow(row) ? items(row.get(0)) : List.of();
        return place < parts.size() ? parts.get(place) : List.of();
    }

    private static List<List<SqlNode>> items(SqlNode row) {
        return row instanceof SqlGroup group ? SqlGroup.split(group.nodes(), ",") : List.of();
    }

    /** By what name it calls the table, where this is the column of a workspace and nothing else. */
    private static Optional<String> column(List<SqlNode> nodes) {
        int last = nodes.size() - 1;
        if (last < 0 || !nodes.get(last).word() || !nodes.get(last).text().equals(COLUMN)) {
            return Optional.empty();
        }
        if (last == 0) {
            return Optional.of("");
        }
        boolean qualified = last >= 2 && nodes.get(last - 1).is(".");
        return qualified && (last == 2 || nodes.get(last - 3).is("."))
                ? Optional.of(nodes.get(last - 2).text())
                : Optional.empty();
    }

    /** Of a query: one that reads tables with a workspace, which is looked at by itself. No column is a value. */
    private static boolean isValue(List<SqlNode> nodes, Set<String> tables) {
        boolean some = false;
        for (SqlNode node : nodes) {
            if (node instanceof SqlGroup group) {
                if (group.isQuery() ? !SqlGroup.mentions(group.nodes(), tables) : !isValue(group.nodes(), tables)) {
                    return false;
                }
                some = true;
            } else if (node.word() && !node.in(VALUE_WORDS)) {
                return false;
            } else {
                some |= node.is("?");
            }
        }
        return some;
    }
}
