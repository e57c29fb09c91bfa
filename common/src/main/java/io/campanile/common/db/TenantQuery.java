package io.campanile.common.db;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One query block: whether each of its tables with a workspace is used with its workspace. */
final class TenantQuery {
    private static final Set<String> CLAUSES = Set.of(
            "from",
            "where",
            "group",
            "having",
            "window",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "returning",
            "into",
            "values",
            "set",
            "using",
            "select",
            "conflict",
            "default",
            "overriding");

    private final Set<String> tables;
    private final List<Clause> clauses;

    private record Clause(String name, List<SqlNode> nodes) {}

    /** {@code nodes} without WITH before and without UNION in them. */
    TenantQuery(List<SqlNode> nodes, Set<String> tables) {
        this.tables = tables;
        this.clauses = clauses(nodes);
    }

    /** What is wrong with it; empty when all is well. */
    Optional<String> problem() {
        String verb = clauses.get(0).name();
        if (!verb.equals("insert") && !first("conflict").isEmpty()) {
            return Optional.of("An INSERT of a UNION with ON CONFLICT cannot be followed");
        }
        Optional<String> written = verb.equals("insert") ? inserted() : Optional.empty();
        return written.or(this::moved).or(() -> read(verb));
    }

    private static List<Clause> clauses(List<SqlNode> nodes) {
        List<Clause> clauses = new ArrayList<>();
        String name = nodes.get(0).text();
        int from = 1;
        for (int i = 1; i < nodes.size(); i++) {
            if (nodes.get(i).in(CLAUSES) && begins(nodes, i)) {
                // The ON before CONFLICT belongs to neither.
                int end = nodes.get(i).is("conflict") ? i - 1 : i;
                clauses.add(new Clause(name, nodes.subList(from, end)));
                name = nodes.get(i).text();
                from = i + 1;
            }
        }
        clauses.add(new Clause(name, nodes.subList(from, nodes.size())));
        return clauses;
    }

    /** Some of these words stand elsewhere too. */
    private static boolean begins(List<SqlNode> nodes, int i) {
        SqlNode before = nodes.get(i - 1);
        return switch (nodes.get(i).text()) {
            case "from" ->
                !before.is("distinct")
                        || i < 2
                        || !nodes.get(i - 2).is("is") && !nodes.get(i - 2).is("not");
            case "conflict" -> before.is("on");
            // JOIN ... USING stays with the joins: columns in parentheses follow it.
            case "using" -> i + 1 < nodes.size() && nodes.get(i + 1).word();
            default -> !before.is(".");
        };
    }

    /** The rows it finds must be of workspaces it names. */
    private Optional<String> read(String verb) {
        SqlSources sources = new SqlSources(tables);
        SqlFacts facts = new SqlFacts();
        if (verb.equals("update")) {
            sources.read(clauses.get(0).nodes());
        }
        for (Clause clause : clauses) {
            if (clause.name().equals("conflict")) {
                break;
            }
            if (clause.name().equals("from") || clause.name().equals("using")) {
                sources.read(clause.nodes());
            } else if (clause.name().equals("where")) {
                facts.addAll(SqlFacts.of(clause.nodes(), tables));
            }
        }
        facts.addAll(sources.facts());
        Collection<String> aliases =
                sources.found().stream().map(SqlSources.Source::alias).toList();
        Set<String> pinned = facts.pinned(aliases);
        return sources.found().stream()
                .filter(source -> !pinned.contains(source.alias()) && !pinned.contains(""))
                .map(source -> source.table() + " is used without its workspace")
                .findFirst();
    }

    /** A new row must say its workspace, and one that is there already must not be found by less. */
    private Optional<String> inserted() {
        List<SqlNode> target = first("into");
        SqlSources into = new SqlSources(tables);
        List<SqlNode> name =
                target.stream().filter(node -> !(node instanceof SqlGroup)).toList();
        into.read(name);
        if (into.found().isEmpty()) {
            return Optional.empty();
        }
        SqlSources.Source source = into.found().get(0);
        boolean listed = target.stream()
                .filter(SqlGroup.class::isInstance)
                .findFirst()
                .filter(group -> group instanceof SqlGroup columns && !columns.isQuery() && lists(columns))
                .isPresent();
        if (!listed) {
            return Optional.of(source.table() + " gets a row without a workspace");
        }
        List<SqlNode> conflict = first("conflict");
        boolean updates = conflict.stream().anyMatch(node -> node.is("update"));
        boolean within = conflict.stream().anyMatch(node -> node instanceof SqlGroup columns && lists(columns));
        if (updates && !within && !afterConflict(source.alias())) {
            return Optional.of(source.table() + " is changed on a conflict without its workspace");
        }
        return Optional.empty();
    }

    /** Whether the change of a row that is there already asks for its workspace. */
    private boolean afterConflict(String alias) {
        boolean conflict = false;
        for (Clause clause : clauses) {
            conflict |= clause.name().equals("conflict");
            if (conflict && clause.name().equals("where")) {
                return SqlFacts.of(clause.nodes(), tables)
                        .pinned(List.of(alias))
                        .contains(alias);
            }
        }
        return false;
    }

    /** No statement gives a row to another workspace. */
    private Optional<String> moved() {
        if (!SqlGroup.mentions(clauses.get(0).nodes(), tables) && !SqlGroup.mentions(first("into"), tables)) {
            return Optional.empty();
        }
        return SqlGroup.split(first("set"), ",").stream()
                .map(assignment -> SqlGroup.split(assignment, "=").get(0))
                .filter(target -> SqlGroup.mentions(target, Set.of(SqlFacts.COLUMN)))
                .map(target -> "A row is given to another workspace")
                .findFirst();
    }

    private List<SqlNode> first(String name) {
        return clauses.stream()
                .filter(clause -> clause.name().equals(name))
                .map(Clause::nodes)
                .findFirst()
                .orElse(List.of());
    }

    private static boolean lists(SqlGroup columns) {
        return SqlGroup.split(columns.nodes(), ",").stream()
                .anyMatch(column -> !column.isEmpty()
                        && column.get(column.size() - 1).word()
                        && column.get(column.size() - 1).text().equals(SqlFacts.COLUMN));
    }
}
