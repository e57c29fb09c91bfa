package io.campanile.notebooks.results;

import com.fasterxml.jackson.core.JsonGenerator;
import io.campanile.common.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;

/** Pages of a result, of which nothing but the page and one record batch is in memory. */
final class ResultPages {
    /** A page with longer texts than these would be more than a browser can show. */
    private static final int LONGEST_TEXT = 20_000;

    private static final int LONGEST_TEXT_OF_A_FULL_PAGE = 200;
    private static final long FULL_PAGE_CHARACTERS = 16L << 20;

    private ResultPages() {}

    /** A row of the file and its place in the page. */
    private interface Visitor {
        void row(VectorSchemaRoot batch, int row, int place) throws IOException;
    }

    /** The row numbers of a page; {@code order} null means all rows as they are. */
    static int[] window(long rows, int @Nullable [] order, long offset, int limit) {
        long matching = order == null ? rows : order.length;
        int from = (int) Math.min(offset, matching);
        int to = (int) Math.min((long) from + limit, matching);
        if (order != null) {
            return Arrays.copyOfRange(order, from, to);
        }
        int[] window = new int[to - from];
        Arrays.setAll(window, place -> from + place);
        return window;
    }

    /** {@code {"rows":[[...]],"offset","total","matching"}}. */
    static byte[] json(ArrowFile file, StoredResult result, int[] window, long offset, long matching)
            throws IOException {
        @Nullable Object[][] rows = new Object[window.length][];
        long[] characters = new long[1];
        visit(file, result, window, (batch, row, place) -> {
            @Nullable Object[] cells = new Object[batch.getFieldVectors().size()];
            for (int column = 0; column < cells.length; column++) {
                Object value = Cells.json(batch.getVector(column), row);
                cells[column] = shortened(value, characters);
            }
            rows[place] = cells;
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName("rows");
            Json.MAPPER.writeValue(json, rows);
            json.writeNumberField("offset", offset);
            json.writeNumberField("total", result.rows());
            json.writeNumberField("matching", matching);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** The first rows, with 64-bit integers as numbers: at most {@code most}, in JSON of about {@code characters}. */
    static List<List<@Nullable Object>> first(ArrowFile file, int most, long characters) throws IOException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        long room = characters;
        for (int batch = 0; batch < file.batches() && rows.size() < most && room > 0; batch++) {
            VectorSchemaRoot loaded = file.load(batch);
            for (int row = 0; row < loaded.getRowCount() && rows.size() < most && room > 0; row++) {
                List<@Nullable Object> cells = new ArrayList<>();
                for (FieldVector vector : loaded.getFieldVectors()) {
                    cells.add(Cells.json(vector, row, true));
                }
                room -= Json.write(cells).length();
                if (room >= 0) {
                    rows.add(cells);
                }
            }
        }
        return rows;
    }

    /** The page as an Arrow stream. */
    static byte[] arrow(ArrowFile file, StoredResult result, int[] window, BufferAllocator allocator)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] placeOf = new int[window.length];
        int[] gathered = {0};
        try (VectorSchemaRoot found = VectorSchemaRoot.create(file.root().getSchema(), allocator);
                VectorSchemaRoot page = VectorSchemaRoot.create(file.root().getSchema(), allocator)) {
            // Vectors are written from front to back only: first in the file's order, then in the page's.
            visit(file, result, window, (batch, row, place) -> {
                copy(batch, row, found, gathered[0]);
                placeOf[place] = gathered[0]++;
            });
            found.setRowCount(window.length);
            for (int place = 0; place < window.length; place++) {
                copy(found, placeOf[place], page, place);
            }
            page.setRowCount(window.length);
            try (ArrowStreamWriter writer = new ArrowStreamWriter(page, null, bytes)) {
                writer.start();
                writer.writeBatch();
                writer.end();
            }
        }
        return bytes.toByteArray();
    }

    private static void copy(VectorSchemaRoot from, int row, VectorSchemaRoot to, int place) {
        for (int column = 0; column < from.getFieldVectors().size(); column++) {
            FieldVector target = to.getVector(column);
            target.copyFromSafe(row, place, from.getVector(column));
        }
    }

    /** Goes through the wanted rows batch by batch, so that each batch is read once. */
    private static void visit(ArrowFile file, StoredResult result, int[] window, Visitor visitor) throws IOException {
        long[] wanted = new long[window.length];
        for (int place = 0; place < window.length; place++) {
            wanted[place] = ((long) window[place] << 32) | place;
        }
        Arrays.sort(wanted);
        int first = 0;
        int at = 0;
        for (int batch = 0; batch < result.batches().size() && at < wanted.length; batch++) {
            int end = first + result.batches().get(batch);
            if (wanted[at] >>> 32 < end) {
                VectorSchemaRoot loaded = file.load(batch);
                for (; at < wanted.length && wanted[at] >>> 32 < end; at++) {
                    visitor.row(loaded, (int) (wanted[at] >>> 32) - first, (int) wanted[at]);
                }
            }
            first = end;
        }
    }

    private static @Nullable Object shortened(@Nullable Object value, long[] characters) {
        int limit = characters[0] > FULL_PAGE_CHARACTERS ? LONGEST_TEXT_OF_A_FULL_PAGE : LONGEST_TEXT;
        if (value instanceof String text) {
            characters[0] += text.length();
            return text.length() <= limit ? text : text.substring(0, limit) + "\u2026";
        }
        if (value instanceof java.util.Collection || value instanceof java.util.Map) {
            String text = Json.write(value);
            characters[0] += text.length();
            return text.length() <= limit ? value : text.substring(0, limit) + "\u2026";
        }
        return value;
    }
}
