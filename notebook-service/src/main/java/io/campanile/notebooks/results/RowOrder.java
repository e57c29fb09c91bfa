package io.campanile.notebooks.results;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The rows a query chooses, in its order, as row numbers: found in one pass, then sorted. */
final class RowOrder {
    private RowOrder() {}

    static int[] of(ArrowFile file, RowQuery query) throws IOException {
        VectorSchemaRoot root = file.root();
        List<RowTest> tests =
                query.filter().stream().map(filter -> new RowTest(filter, root)).toList();
        List<SortKey> keys = query.sort().stream()
                .map(sort -> SortKey.of(root.getVector(sort.column())))
                .toList();
        int[] rows = new int[1024];
        int count = 0;
        int first = 0;
        for (int batch = 0; batch < file.batches(); batch++) {
            VectorSchemaRoot loaded = file.load(batch);
            for (int row = 0; row < loaded.getRowCount(); row++) {
                if (!accepted(tests, loaded, row)) {
                    continue;
                }
                for (int key = 0; key < keys.size(); key++) {
                    keys.get(key).add(loaded.getVector(query.sort().get(key).column()), row);
                }
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, count * 2);
                }
                rows[count++] = first + row;
            }
            first += loaded.getRowCount();
        }
        int[] chosen = Arrays.copyOf(rows, count);
        return keys.isEmpty() ? chosen : sorted(chosen, keys, query.sort());
    }

    private static boolean accepted(List<RowTest> tests, VectorSchemaRoot root, int row) {
        for (RowTest test : tests) {
            if (!test.accepts(root, row)) {
                return false;
            }
        }
        return true;
    }

    private static int[] sorted(int[] rows, List<SortKey> keys, List<RowQuery.Sort> sort) {
        int[] positions = new int[rows.length];
        Arrays.setAll(positions, position -> position);
        int[] order = mergeSort(positions, keys, sort);
        int[] sorted = new int[rows.length];
        Arrays.setAll(sorted, position -> rows[order[position]]);
        return sorted;
    }

    /** Stable, and over ints: the library sorts ints with a comparator only as objects. */
    private static int[] mergeSort(int[] positions, List<SortKey> keys, List<RowQuery.Sort> sort) {
        int[] from = positions;
        int[] to = new int[positions.length];
        for (int width = 1;
                width < positions.length;
                width = width > Integer.MAX_VALUE / 2 ? positions.length : width * 2) {
            for (int start = 0; start < from.length; start += 2 * width) {
                int middle = Math.min(start + width, from.length);
                int end = Math.min(start + 2 * width, from.length);
                int left = start;
                int right = middle;
                for (int at = start; at < end; at++) {
                    boolean takeLeft =
                            left < middle && (right >= end || compare(from[left], from[right], keys, sort) <= 0);
                    to[at] = takeLeft ? from[left++] : from[right++];
                }
            }
            int[] done = to;
            to = from;
            from = done;
        }
        return from;
    }

    private static int compare(int a, int b, List<SortKey> keys, List<RowQuery.Sort> sort) {
        for (int key = 0; key < keys.size(); key++) {
            int compared = keys.get(key).compare(a, b);
            if (compared != 0) {
                return sort.get(key).descending() ? -compared : compared;
            }
        }
        return 0;
    }
}
