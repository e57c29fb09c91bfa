package io.campanile.notebooks.results;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;

/** Values whose order is that of a long: comparing them touches no object. */
final class Ordinals {
    private Ordinals() {}

    static boolean has(FieldVector vector) {
        return vector instanceof BigIntVector
                || vector instanceof IntVector
                || vector instanceof SmallIntVector
                || vector instanceof TinyIntVector
                || vector instanceof BitVector
                || vector instanceof DateDayVector
                || vector instanceof TimeStampVector
                || vector instanceof IntervalYearVector
                || vector instanceof DurationVector
                || vector instanceof Float4Vector
                || vector instanceof Float8Vector;
    }

    static long of(FieldVector vector, int row) {
        if (vector instanceof BigIntVector longs) {
            return longs.get(row);
        }
        if (vector instanceof IntVector ints) {
            return ints.get(row);
        }
        if (vector instanceof Float8Vector doubles) {
            return ofDouble(doubles.get(row));
        }
        if (vector instanceof Float4Vector floats) {
            return ofDouble(floats.get(row));
        }
        if (vector instanceof DateDayVector days) {
            return days.get(row);
        }
        if (vector instanceof TimeStampVector times) {
            return times.get(row);
        }
        if (vector instanceof SmallIntVector shorts) {
            return shorts.get(row);
        }
        if (vector instanceof TinyIntVector bytes) {
            return bytes.get(row);
        }
        if (vector instanceof BitVector bits) {
            return bits.get(row);
        }
        if (vector instanceof IntervalYearVector months) {
            return months.get(row);
        }
        return DurationVector.get(vector.getDataBuffer(), row);
    }

    /** The ordinal a text of a condition stands for in a column; empty when it is none, such as 1.5 among integers. */
    static Optional<Long> parse(FieldVector vector, String text) {
        try {
            if (vector instanceof Float4Vector || vector instanceof Float8Vector) {
                double number = Double.parseDouble(text.strip());
                return Optional.of(ofDouble(vector instanceof Float4Vector ? (float) number : number));
            }
            if (vector instanceof BitVector) {
                return Optional.of(Boolean.parseBoolean(text.strip()) ? 1L : 0L);
            }
            if (vector instanceof DateDayVector) {
                return Optional.of(LocalDate.parse(text.strip()).toEpochDay());
            }
            if (vector instanceof TimeStampVector) {
                return Optional.of(ChronoUnit.MICROS.between(Instant.EPOCH, instant(text.strip())));
            }
            return Optional.of(new BigDecimal(text.strip()).longValueExact());
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The order of {@link Double#compare}: NaN is the greatest, as in Spark. */
    static long ofDouble(double number) {
        long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    /** The number behind an ordinal of {@link #ofDouble}. */
    static double toDouble(long ordinal) {
        return Double.longBitsToDouble(ordinal < 0 ? ordinal ^ Long.MAX_VALUE : ordinal);
    }

    private static Instant instant(String text) {
        String iso = text.replace(' ', 'T');
        if (iso.length() == 10) {
            return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        boolean zoned = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
        return zoned
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
}
