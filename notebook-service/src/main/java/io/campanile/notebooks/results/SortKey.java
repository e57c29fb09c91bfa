package io.campanile.notebooks.results;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;

/** The values of one column of the chosen rows, compact, for sorting. Nulls come first, as in Spark. */
abstract class SortKey {
    private final BitSet nulls = new BitSet();
    private int count;

    static SortKey of(FieldVector vector) {
        if (Ordinals.has(vector)) {
            return new Longs();
        }
        return vector instanceof DecimalVector ? new Decimals() : new Texts();
    }

    final void add(FieldVector vector, int row) {
        boolean isNull = vector.isNull(row);
        nulls.set(count, isNull);
        append(vector, row, isNull, count++);
    }

    final int compare(int a, int b) {
        boolean first = nulls.get(a);
        boolean second = nulls.get(b);
        return first || second ? Boolean.compare(second, first) : compareValues(a, b);
    }

    abstract void append(FieldVector vector, int row, boolean isNull, int at);

    abstract int compareValues(int a, int b);

    private static final class Longs extends SortKey {
        private long[] values = new long[1024];

        @Override
        void append(FieldVector vector, int row, boolean isNull, int at) {
            if (at == values.length) {
                values = Arrays.copyOf(values, at * 2);
            }
            values[at] = isNull ? 0 : Ordinals.of(vector, row);
        }

        @Override
        int compareValues(int a, int b) {
            return Long.compare(values[a], values[b]);
        }
    }

    private static final class Decimals extends SortKey {
        private final List<BigDecimal> values = new ArrayList<>();

        @Override
        void append(FieldVector vector, int row, boolean isNull, int at) {
            values.add(isNull ? BigDecimal.ZERO : ((DecimalVector) vector).getObject(row));
        }

        @Override
        int compareValues(int a, int b) {
            return values.get(a).compareTo(values.get(b));
        }
    }

    /** Bytes of UTF-8 in one array; their order is that of the characters. Only the first ones of long texts count. */
    private static final class Texts extends SortKey {
        private static final int PREFIX = 256;
        private byte[] bytes = new byte[16 * 1024];
        private int[] ends = new int[1024];

        @Override
        void append(FieldVector vector, int row, boolean isNull, int at) {
            byte[] text = isNull
                    ? new byte[0]
                    : vector instanceof VarCharVector strings
                            ? strings.get(row)
                            : String.valueOf(Cells.text(vector, row)).getBytes(StandardCharsets.UTF_8);
            int start = at == 0 ? 0 : ends[at - 1];
            int length = Math.min(PREFIX, text.length);
            if (at == ends.length) {
                ends = Arrays.copyOf(ends, at * 2);
            }
            if (start + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + length));
            }
            System.arraycopy(text, 0, bytes, start, length);
            ends[at] = start + length;
        }

        @Override
        int compareValues(int a, int b) {
            return Arrays.compareUnsigned(
                    bytes, a == 0 ? 0 : ends[a - 1], ends[a], bytes, b == 0 ? 0 : ends[b - 1], ends[b]);
        }
    }
}
