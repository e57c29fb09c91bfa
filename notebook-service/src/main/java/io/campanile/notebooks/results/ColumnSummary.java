package io.campanile.notebooks.results;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeStampVector;
import org.jspecify.annotations.Nullable;

/** Gathers the profile of one column: counts and ends in a first pass, the bins of numbers in a second. */
final class ColumnSummary {
    private static final int SKETCH = 1024;
    private static final int COUNTED_TEXTS = 10_000;
    private static final int LONGEST_TEXT = 200;
    private static final int BINS = 20;
    private static final int TOP = 10;

    private final ResultColumn column;
    private final TreeSet<Long> smallestHashes = new TreeSet<>();
    private final Map<String, Long> texts = new HashMap<>();
    private final long[] bins = new long[BINS];
    private long nulls;
    private long numbers;
    private double sum;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;
    private @Nullable Object min;
    private @Nullable Object max;
    private @Nullable Comparable<Object> least;
    private @Nullable Comparable<Object> greatest;

    ColumnSummary(ResultColumn column) {
        this.column = column;
    }

    static boolean isNumber(FieldVector vector) {
        boolean time = vector instanceof DateDayVector
                || vector instanceof TimeStampVector
                || vector instanceof BitVector
                || vector instanceof IntervalYearVector
                || vector instanceof DurationVector;
        return vector instanceof DecimalVector || Ordinals.has(vector) && !time;
    }

    void first(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            nulls++;
            return;
        }
        Comparable<?> order;
        if (isNumber(vector)) {
            double number = number(vector, row);
            order = vector instanceof DecimalVector decimals ? decimals.getObject(row) : Ordinals.of(vector, row);
            if (Double.isFinite(number)) {
                numbers++;
                sum += number;
                low = Math.min(low, number);
                high = Math.max(high, number);
            }
        } else if (Ordinals.has(vector)) {
            order = Ordinals.of(vector, row);
            count(String.valueOf(Cells.text(vector, row)));
        } else {
            String text = String.valueOf(Cells.text(vector, row));
            order = text;
            count(text);
        }
        sketch(order.hashCode() * 31L + order.toString().hashCode());
        ends(order, vector, row);
    }

    void second(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return;
        }
        double number = number(vector, row);
        if (Double.isFinite(number)) {
            int bin = high == low ? 0 : (int) ((number - low) / (high - low) * BINS);
            bins[Math.max(0, Math.min(BINS - 1, bin))]++;
        }
    }

    ColumnProfile profile(boolean number) {
        return new ColumnProfile(
                column.name(),
                column.type(),
                nulls,
                distinct(),
                min,
                max,
                number && numbers > 0 ? sum / numbers : null,
                number ? histogram() : null,
                number ? null : top());
    }

    private static double number(FieldVector vector, int row) {
        if (vector instanceof DecimalVector decimals) {
            BigDecimal decimal = decimals.getObject(row);
            return decimal.doubleValue();
        }
        long ordinal = Ordinals.of(vector, row);
        return vector instanceof Float8Vector || vector instanceof Float4Vector ? Ordinals.toDouble(ordinal) : ordinal;
    }

    @SuppressWarnings("unchecked") // one column's values are of one class
    private void ends(Comparable<?> value, FieldVector vector, int row) {
        Comparable<Object> order = (Comparable<Object>) value;
        if (least == null || order.compareTo(least) < 0) {
            least = order;
            min = shown(vector, row);
        }
        if (greatest == null || order.compareTo(greatest) > 0) {
            greatest = order;
            max = shown(vector, row);
        }
    }

    private static @Nullable Object shown(FieldVector vector, int row) {
        Object value = Cells.json(vector, row);
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return cut(String.valueOf(Cells.text(vector, row)));
    }

    private void count(String text) {
        String key = cut(text);
        if (texts.size() < COUNTED_TEXTS || texts.containsKey(key)) {
            texts.merge(key, 1L, Long::sum);
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "\u2026";
    }

    /** Keeps the smallest hashes: how close they lie tells how many different values there are. */
    private void sketch(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        long hash = (mixed ^ (mixed >>> 29)) >>> 1;
        if (smallestHashes.size() < SKETCH || hash < smallestHashes.last()) {
            smallestHashes.add(hash);
            if (smallestHashes.size() > SKETCH) {
                smallestHashes.pollLast();
            }
        }
    }

    private long distinct() {
        return smallestHashes.size() < SKETCH
                ? smallestHashes.size()
                : Math.round((SKETCH - 1) / (smallestHashes.last() / (double) Long.MAX_VALUE));
    }

    private List<ColumnProfile.Bin> histogram() {
        List<ColumnProfile.Bin> histogram = new ArrayList<>();
        if (numbers == 0) {
            return histogram;
        }
        int count = high == low ? 1 : BINS;
        for (int bin = 0; bin < count; bin++) {
            double width = (high - low) / count;
            histogram.add(new ColumnProfile.Bin(
                    low + bin * width, bin == count - 1 ? high : low + (bin + 1) * width, bins[bin]));
        }
        return histogram;
    }

    private List<ColumnProfile.Top> top() {
        return texts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP)
                .map(entry -> new ColumnProfile.Top(entry.getKey(), entry.getValue()))
                .toList();
    }
}
