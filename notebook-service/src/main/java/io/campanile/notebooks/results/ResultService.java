package io.campanile.notebooks.results;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Stored tables: taken in from nodes once, read by page ever after. Blocking; one record batch in memory at a time. */
public final class ResultService {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int LARGEST_PAGE = 5_000;
    private static final long LARGEST_FILE = 512L * 1024 * 1024;

    private final ResultStore store;
    private final Path blobs;
    private final NotebookReaders readers;
    private final Clock clock;
    private final BufferAllocator allocator = new RootAllocator();

    public ResultService(ResultStore store, Path blobs, NotebookReaders readers, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.blobs = requireNonNull(blobs, "blobs");
        this.readers = requireNonNull(readers, "readers");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A page of rows; {@code total} rows are stored, {@code matching} pass the filter. */
    public record Page(List<List<@Nullable Object>> rows, long offset, long total, long matching) {}

    /** What a result is. */
    public record Description(
            String resultId, List<ResultColumn> columns, long rows, boolean truncated, long bytes) {}

    /** An empty file beside the final place, to be filled and handed to {@link #keep}. */
    public Path draft(long workspaceId, String resultId) {
        try {
            Path folder = Files.createDirectories(folder(workspaceId));
            return folder.resolve(checked(resultId) + "." + UUID.randomUUID() + ".tmp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a filled draft the result: checked, synced, renamed, then known. A repeated upload succeeds. */
    public void keep(long workspaceId, long runId, long notebookId, String resultId, Path draft) {
        try {
            if (store.find(workspaceId, checked(resultId)).isPresent()) {
                Files.deleteIfExists(draft);
                return;
            }
            if (Files.size(draft) > LARGEST_FILE) {
                throw ApiException.invalid("A result may have at most " + LARGEST_FILE + " bytes");
            }
            StoredResult result = read(workspaceId, runId, notebookId, resultId, draft);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(draft, file(workspaceId, resultId), StandardCopyOption.ATOMIC_MOVE);
            store.insert(result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Description describe(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        return new Description(
                result.resultId(), result.columns(), result.rows(), result.truncated(), result.bytes());
    }

    /** Rows {@code offset..offset+limit} of what passes {@code filter}, in the order of {@code sort}. */
    public Page rows(
            Caller caller, String resultId, long offset, int limit, @Nullable String sort, @Nullable String filter) {
        if (offset < 0 || limit < 1 || limit > LARGEST_PAGE) {
            throw ApiException.invalid("offset must not be negative, limit must be between 1 and " + LARGEST_PAGE);
        }
        StoredResult result = readable(caller, resultId);
        RowQuery query = RowQuery.parse(result, sort, filter);
        try (ArrowFile file = new ArrowFile(file(result.workspaceId(), resultId), allocator)) {
            if (query.isEverything()) {
                List<List<@Nullable Object>> rows = new ArrayList<>();
                long end = Math.min(result.rows(), offset + limit);
                for (long row = offset; row < end; row++) {
                    rows.add(row(file, result, row));
                }
                return new Page(rows, offset, result.rows(), result.rows());
            }
            int[] order = RowOrder.of(file, query);
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (long at = offset; at < Math.min(order.length, offset + limit); at++) {
                rows.add(row(file, result, order[(int) at]));
            }
            return new Page(rows, offset, result.rows(), order.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stored Arrow file itself. */
    public Path arrow(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        return file(result.workspaceId(), resultId);
    }

    /** The whole result as CSV (RFC 4180), row by row. */
    public void csv(Caller caller, String resultId, Appendable out) {
        StoredResult result = readable(caller, resultId);
        try (ArrowFile file = new ArrowFile(file(result.workspaceId(), resultId), allocator)) {
            List<String> line = new ArrayList<>();
            result.columns().forEach(column -> line.add(quoted(column.name())));
            out.append(String.join(",", line)).append("\r\n");
            for (int batch = 0; batch < file.batches(); batch++) {
                VectorSchemaRoot root = file.load(batch);
                for (int row = 0; row < root.getRowCount(); row++) {
                    line.clear();
                    for (FieldVector vector : root.getFieldVectors()) {
                        line.add(quoted(Cells.text(vector, row)));
                    }
                    out.append(String.join(",", line)).append("\r\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StoredResult readable(Caller caller, String resultId) {
        StoredResult result = store.find(caller.workspaceId(), checked(resultId))
                .orElseThrow(() -> ApiException.notFound("Result " + resultId + " does not exist"));
        readers.requireReadable(caller, result.notebookId());
        return result;
    }

    private StoredResult read(long workspaceId, long runId, long notebookId, String resultId, Path draft)
            throws IOException {
        try (ArrowFile file = new ArrowFile(draft, allocator)) {
            List<Integer> batches = new ArrayList<>();
            long rows = 0;
            for (int batch = 0; batch < file.batches(); batch++) {
                int count = file.load(batch).getRowCount();
                batches.add(count);
                rows += count;
            }
            List<ResultColumn> columns =
                    SparkTypes.columns(file.root().getSchema().getFields());
            return new StoredResult(
                    workspaceId, resultId, notebookId, runId, columns, batches, rows, Files.size(draft), false, clock.instant());
        }
    }

    private static List<@Nullable Object> row(ArrowFile file, StoredResult result, long position) throws IOException {
        int batch = 0;
        long within = position;
        while (within >= result.batches().get(batch)) {
            within -= result.batches().get(batch);
            batch++;
        }
        VectorSchemaRoot root = file.loaded(batch);
        List<@Nullable Object> row = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
            row.add(Cells.json(vector, (int) within));
        }
        return row;
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r') && !text.isEmpty();
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private Path folder(long workspaceId) {
        return blobs.resolve(Long.toString(workspaceId)).resolve("results");
    }

    private Path file(long workspaceId, String resultId) {
        return folder(workspaceId).resolve(checked(resultId) + ".arrow");
    }

    private static String checked(String resultId) {
        if (!ID.matcher(resultId).matches()) {
            throw ApiException.notFound("There is no such result");
        }
        return resultId;
    }
}
