package io.campanile.notebooks.results;

import io.campanile.common.errors.ApiException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** One condition, with its value read once for the type of its column. Comparisons with null are never true. */
final class RowTest {
    private final RowQuery.Filter filter;
    private final String lower;
    private final boolean ordinal;
    private final long bound;
    private final @Nullable BigDecimal decimal;

    RowTest(RowQuery.Filter filter, VectorSchemaRoot root) {
        this.filter = filter;
        this.lower = filter.value().toLowerCase(Locale.ROOT);
        FieldVector vector = root.getVector(filter.column());
        boolean compares = switch (filter.operator()) {
            case EQ, NE, LT, LE, GT, GE -> true;
            case CONTAINS, IS_NULL, NOT_NULL -> false;
        };
        Optional<Long> parsed =
                compares && Ordinals.has(vector) ? Ordinals.parse(vector, filter.value()) : Optional.empty();
        boolean number = vector instanceof DecimalVector || Ordinals.has(vector);
        this.ordinal = parsed.isPresent();
        this.bound = parsed.orElse(0L);
        this.decimal = compares && number && !ordinal ? number(filter.value(), vector.getName()) : null;
    }

    boolean accepts(VectorSchemaRoot root, int row) {
        FieldVector vector = root.getVector(filter.column());
        boolean isNull = vector.isNull(row);
        if (isNull || filter.operator() == RowQuery.Operator.NOT_NULL) {
            return isNull == (filter.operator() == RowQuery.Operator.IS_NULL);
        }
        return switch (filter.operator()) {
            case IS_NULL -> false;
            case NOT_NULL -> true;
            case CONTAINS ->
                String.valueOf(Cells.text(vector, row)).toLowerCase(Locale.ROOT).contains(lower);
            case EQ -> compare(vector, row) == 0;
            case NE -> compare(vector, row) != 0;
            case LT -> compare(vector, row) < 0;
            case LE -> compare(vector, row) <= 0;
            case GT -> compare(vector, row) > 0;
            case GE -> compare(vector, row) >= 0;
        };
    }

    private int compare(FieldVector vector, int row) {
        if (ordinal) {
            return Long.compare(Ordinals.of(vector, row), bound);
        }
        if (decimal != null) {
            return (vector instanceof DecimalVector numbers
                            ? numbers.getObject(row)
                            : BigDecimal.valueOf(Ordinals.of(vector, row)))
                    .compareTo(decimal);
        }
        return String.valueOf(Cells.text(vector, row)).compareTo(filter.value());
    }

    private static BigDecimal number(String text, String column) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw ApiException.invalid("'" + text + "' cannot be compared with column " + column);
        }
    }
}
