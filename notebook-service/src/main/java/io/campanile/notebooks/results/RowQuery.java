package io.campanile.notebooks.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows of a result are wanted and in which order; columns by position. */
record RowQuery(List<Sort> sort, List<Filter> filter) {
    private static final int MAX_TERMS = 16;

    RowQuery {
        sort = List.copyOf(sort);
        filter = List.copyOf(filter);
    }

    record Sort(int column, boolean descending) {}

    record Filter(int column, Operator operator, String value) {}

    enum Operator {
        CONTAINS,
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        IS_NULL,
        NOT_NULL
    }

    boolean isEverything() {
        return sort.isEmpty() && filter.isEmpty();
    }

    /** Reads {@code col[:desc],...} and the JSON list of conditions; 400 names what does not fit. */
    static RowQuery parse(StoredResult result, @Nullable String sort, @Nullable String filter) {
        List<Sort> sorts = new ArrayList<>();
        if (sort != null && !sort.isEmpty()) {
            for (String term : sort.split(",", -1)) {
                sorts.add(sort(result, term));
            }
        }
        List<Filter> filters = new ArrayList<>();
        if (filter != null && !filter.isEmpty()) {
            for (Condition condition : conditions(filter)) {
                filters.add(filter(result, condition));
            }
        }
        if (sorts.size() > MAX_TERMS || filters.size() > MAX_TERMS) {
            throw ApiException.invalid("At most " + MAX_TERMS + " columns to sort by and conditions");
        }
        return new RowQuery(sorts, filters);
    }

    private static Sort sort(StoredResult result, String term) {
        int whole = result.indexOf(term);
        if (whole >= 0) {
            return new Sort(whole, false);
        }
        boolean descending = term.endsWith(":desc");
        boolean directed = descending || term.endsWith(":asc");
        String name = directed ? term.substring(0, term.lastIndexOf(':')) : term;
        return new Sort(column(result, name), descending);
    }

    private static Filter filter(StoredResult result, Condition condition) {
        for (Operator operator : Operator.values()) {
            if (operator.name().equalsIgnoreCase(condition.op())) {
                String value = condition.value() == null ? "" : condition.value();
                return new Filter(column(result, condition.column()), operator, value);
            }
        }
        throw ApiException.invalid("Unknown condition: " + condition.op());
    }

    private static int column(StoredResult result, String name) {
        int column = result.indexOf(name);
        if (column < 0) {
            throw ApiException.invalid("The result has no column " + name);
        }
        return column;
    }

    private static Condition[] conditions(String filter) {
        try {
            Condition @Nullable [] read = Json.MAPPER.readValue(filter, Condition[].class);
            return ApiException.require(read, "filter");
        } catch (JsonProcessingException e) {
            throw ApiException.invalid("filter must be a JSON list of {column, op, value}");
        }
    }

    record Condition(String column, String op, @Nullable String value) {
        Condition {
            ApiException.require(column, "column");
            ApiException.require(op, "op");
        }
    }
}
