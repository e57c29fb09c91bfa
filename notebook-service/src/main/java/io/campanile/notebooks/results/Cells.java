package io.campanile.notebooks.results;

import io.campanile.common.json.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** One value of an Arrow vector as JSON shows it, and as text. */
final class Cells {
    private Cells() {}

    /** 64-bit integers and decimals as strings, times in ISO form, what JSON has no number for as a word. */
    static @Nullable Object json(FieldVector vector, int row) {
        return json(vector, row, false);
    }

    /** The same; {@code numbers}: 64-bit integers are numbers, for readers that keep all their digits. */
    static @Nullable Object json(FieldVector vector, int row, boolean numbers) {
        if (vector instanceof NullVector || vector.isNull(row)) {
            return null;
        }
        if (vector instanceof BigIntVector longs) {
            return numbers ? (Object) longs.get(row) : Long.toString(longs.get(row));
        }
        if (vector instanceof DateDayVector days) {
            return LocalDate.ofEpochDay(days.get(row)).toString();
        }
        if (vector instanceof TimeStampMicroTZVector times) {
            Instant instant = Instant.EPOCH.plus(times.get(row), ChronoUnit.MICROS);
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone(times.getTimeZone())));
        }
        if (vector instanceof TimeStampMicroVector times) {
            LocalDateTime time =
                    LocalDateTime.ofInstant(Instant.EPOCH.plus(times.get(row), ChronoUnit.MICROS), ZoneOffset.UTC);
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        }
        if (vector instanceof IntervalYearVector months) {
            int count = months.get(row);
            return (count < 0 ? "-" : "") + Math.abs(count / 12) + "-" + Math.abs(count % 12);
        }
        if (vector instanceof MapVector map) {
            return map(map, row, numbers);
        }
        if (vector instanceof ListVector list) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int at = list.getElementStartIndex(row); at < list.getElementEndIndex(row); at++) {
                values.add(json(list.getDataVector(), at, numbers));
            }
            return values;
        }
        if (vector instanceof StructVector struct) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (FieldVector child : struct.getChildrenFromFields()) {
                values.put(child.getName(), json(child, row, numbers));
            }
            return values;
        }
        return plain(vector.getObject(row));
    }

    /** The same as text, as CSV files and filters have it; null as nothing. */
    static @Nullable String text(FieldVector vector, int row) {
        @Nullable Object value = json(vector, row);
        return value == null
                ? null
                : value instanceof Map || value instanceof List ? Json.write(value) : value.toString();
    }

    private static Map<String, @Nullable Object> map(MapVector map, int row, boolean numbers) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        StructVector entries = (StructVector) map.getDataVector();
        FieldVector keys = entries.getChildrenFromFields().get(0);
        FieldVector items = entries.getChildrenFromFields().get(1);
        for (int at = map.getElementStartIndex(row); at < map.getElementEndIndex(row); at++) {
            values.put(String.valueOf(text(keys, at)), json(items, at, numbers));
        }
        return values;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Double number) {
            return number.isNaN() || number.isInfinite() ? (Object) number.toString() : number;
        }
        if (value instanceof Float number) {
            return number.isNaN() || number.isInfinite() ? (Object) number.toString() : number;
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }
}
