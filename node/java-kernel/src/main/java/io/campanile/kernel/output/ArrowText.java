package io.campanile.kernel.output;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import org.sparkproject.org.apache.arrow.vector.DateDayVector;
import org.sparkproject.org.apache.arrow.vector.FieldVector;
import org.sparkproject.org.apache.arrow.vector.TimeStampMicroTZVector;
import org.sparkproject.org.apache.arrow.vector.TimeStampMicroVector;
import org.sparkproject.org.apache.arrow.vector.types.pojo.ArrowType;

/** One value of an Arrow vector as Spark would print it. */
final class ArrowText {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(java.util.Locale.ROOT);

    private ArrowText() {}

    static String of(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return "NULL";
        }
        if (vector instanceof DateDayVector dates) {
            return LocalDate.ofEpochDay(dates.get(row)).toString();
        }
        if (vector instanceof TimeStampMicroTZVector times) {
            String zone = ((ArrowType.Timestamp) times.getField().getType()).getTimezone();
            return LocalDateTime.ofInstant(micros(times.get(row)), ZoneId.of(zone))
                    .format(TIMESTAMP);
        }
        if (vector instanceof TimeStampMicroVector times) {
            return LocalDateTime.ofInstant(micros(times.get(row)), ZoneOffset.UTC)
                    .format(TIMESTAMP);
        }
        Object value = vector.getObject(row);
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static Instant micros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }
}
