package io.campanile.notebooks.results;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** The Spark SQL names of what Arrow files hold. */
final class SparkTypes {
    private SparkTypes() {}

    static List<ResultColumn> columns(List<Field> fields) {
        return fields.stream()
                .map(field -> new ResultColumn(field.getName(), name(field), field.isNullable()))
                .toList();
    }

    static String name(Field field) {
        ArrowType type = field.getType();
        return switch (type.getTypeID()) {
            case Null -> "void";
            case Bool -> "boolean";
            case Int ->
                switch (((ArrowType.Int) type).getBitWidth()) {
                    case 8 -> "tinyint";
                    case 16 -> "smallint";
                    case 32 -> "int";
                    default -> "bigint";
                };
            case FloatingPoint ->
                ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.SINGLE ? "float" : "double";
            case Decimal -> {
                ArrowType.Decimal decimal = (ArrowType.Decimal) type;
                yield "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
            }
            case Utf8, LargeUtf8 -> "string";
            case Binary, LargeBinary, FixedSizeBinary -> "binary";
            case Date -> "date";
            case Timestamp -> ((ArrowType.Timestamp) type).getTimezone() == null ? "timestamp_ntz" : "timestamp";
            case Duration -> "interval day to second";
            case Interval ->
                type.equals(new ArrowType.Interval(org.apache.arrow.vector.types.IntervalUnit.YEAR_MONTH))
                        ? "interval year to month"
                        : "interval";
            case List -> "array<" + name(field.getChildren().get(0)) + ">";
            case Map -> {
                List<Field> entry = field.getChildren().get(0).getChildren();
                yield "map<" + name(entry.get(0)) + "," + name(entry.get(1)) + ">";
            }
            case Struct ->
                field.getChildren().stream()
                        .map(child -> child.getName() + ":" + name(child))
                        .collect(Collectors.joining(",", "struct<", ">"));
            default -> type.toString();
        };
    }
}
