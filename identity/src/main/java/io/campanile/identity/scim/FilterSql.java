package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.node.ValueNode;
import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.filters.FilterType;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.scim.Attributes.Attribute;
import io.campanile.identity.scim.Attributes.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a filter into a condition on the attributes of a resource; what is not on their list is refused. */
final class FilterSql {
    private static final Map<FilterType, String> ORDERS = Map.of(
            FilterType.GREATER_THAN, ">",
            FilterType.GREATER_OR_EQUAL, ">=",
            FilterType.LESS_THAN, "<",
            FilterType.LESS_OR_EQUAL, "<=");

    private final Attributes attributes;
    private final String schema;

    /** {@code schema}: the URN that may stand before an attribute's name. */
    FilterSql(Attributes attributes, String schema) {
        this.attributes = attributes;
        this.schema = schema;
    }

    Clause of(@Nullable String filter) {
        return filter == null ? Clause.ALL : translate(FilterParser.parse(filter), "");
    }

    /** {@code scope}: the multi-valued attribute whose values the filter is about, with a dot; or nothing. */
    private Clause translate(Filter filter, String scope) {
        FilterType type = filter.getFilterType();
        return switch (type) {
            case AND -> Clause.joined("and", parts(filter, scope));
            case OR -> Clause.joined("or", parts(filter, scope));
            // Whether the comparison is unknown (an absent value) or false, its negation is true.
            case NOT -> translate(filter.getInvertedFilter(), scope).within("(%s) is not true");
            case COMPLEX_VALUE -> values(filter, scope);
            default -> comparison(filter, type, scope);
        };
    }

    private List<Clause> parts(Filter filter, String scope) {
        return filter.getCombinedFilters().stream()
                .map(part -> translate(part, scope))
                .toList();
    }

    private Clause values(Filter filter, String scope) {
        String name = name(filter.getAttributePath());
        @Nullable String frame = attribute(name).frame();
        if (!scope.isEmpty() || frame == null) {
            throw ScimFailures.invalidFilter("The attribute " + name + " has no values to filter");
        }
        return translate(filter.getValueFilter(), name + ".").within(frame);
    }

    private Clause comparison(Filter filter, FilterType type, String scope) {
        Path path = filter.getAttributePath();
        if (path == null) {
            throw ScimFailures.invalidFilter("The filter is not valid");
        }
        String name = scope + name(path);
        Attribute attribute = attribute(name);
        Clause clause = type == FilterType.PRESENT
                ? Clause.of(attribute.sql() + " is not null")
                : attribute.kind() == Kind.BOOLEAN
                        ? truth(name, attribute, type, filter.getComparisonValue())
                        : text(name, attribute, type, filter.getComparisonValue());
        @Nullable String frame = scope.isEmpty() ? attribute.frame() : null;
        return frame == null ? clause : clause.within(frame);
    }

    private Attribute attribute(String name) {
        return attributes
                .find(name)
                .orElseThrow(() -> ScimFailures.invalidFilter("The attribute " + name + " cannot be filtered by"));
    }

    /** The dotted name of a path, without the schema; elements with filters of their own are refused. */
    private String name(Path path) {
        @Nullable String urn = path.getSchemaUrn();
        if (urn != null && !urn.equalsIgnoreCase(schema)) {
            throw ScimFailures.invalidFilter("The schema " + urn + " cannot be filtered by");
        }
        StringBuilder name = new StringBuilder();
        for (Path.Element element : path) {
            if (element.getValueFilter() != null) {
                throw ScimFailures.invalidFilter("A filter within the path " + path + " is not supported");
            }
            name.append(name.isEmpty() ? "" : ".").append(element.getAttribute());
        }
        return name.toString();
    }

    private static Clause truth(String name, Attribute attribute, FilterType type, ValueNode value) {
        String text = value.asText().toLowerCase(Locale.ROOT);
        boolean equality = type == FilterType.EQUAL || type == FilterType.NOT_EQUAL;
        if (!equality || !(text.equals("true") || text.equals("false"))) {
            throw ScimFailures.invalidFilter("The attribute " + name + " can only be compared with true or false");
        }
        String operator = type == FilterType.EQUAL ? " = ?" : " is distinct from ?";
        return Clause.of(attribute.sql() + operator, Boolean.valueOf(text));
    }

    private static Clause text(String name, Attribute attribute, FilterType type, ValueNode value) {
        if (value.isNull()) {
            return absent(name, attribute, type);
        }
        boolean exact = attribute.kind() == Kind.EXACT;
        String column = attribute.kind() == Kind.CASELESS ? "lower(" + attribute.sql() + ")" : attribute.sql();
        String bind = exact ? "cast(? as text)" : "lower(cast(? as text))";
        String given = attribute.kind() == Kind.LOWERED ? value.asText().toLowerCase(Locale.ROOT) : value.asText();
        return switch (type) {
            case EQUAL -> Clause.of(column + " = " + bind, given);
            case NOT_EQUAL -> Clause.of(column + " is distinct from " + bind, given);
            case CONTAINS -> Clause.of("position(" + bind + " in " + column + ") > 0", given);
            case STARTS_WITH -> Clause.of("starts_with(" + column + ", " + bind + ")", given);
            case ENDS_WITH -> Clause.of("right(" + column + ", length(cast(? as text))) = " + bind, given, given);
            default -> Clause.of(column + " " + ordering(name, type) + " " + bind, given);
        };
    }

    private static Clause absent(String name, Attribute attribute, FilterType type) {
        return switch (type) {
            case EQUAL -> Clause.of(attribute.sql() + " is null");
            case NOT_EQUAL -> Clause.of(attribute.sql() + " is not null");
            default -> throw ScimFailures.invalidFilter("The attribute " + name + " cannot be compared so with null");
        };
    }

    private static String ordering(String name, FilterType type) {
        @Nullable String operator = ORDERS.get(type);
        if (operator == null) {
            throw unsupported(name, type);
        }
        return operator;
    }

    private static ApiException unsupported(String name, FilterType type) {
        return ScimFailures.invalidFilter("The attribute " + name + " cannot be compared by " + type);
    }
}
