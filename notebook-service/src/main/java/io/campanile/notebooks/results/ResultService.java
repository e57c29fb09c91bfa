package io.campanile.notebooks.results;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.nodes.ResultUploads.Upload;
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
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/** Stored tables: taken in from nodes once, read by page ever after. Blocking; one record batch in memory at a time. */
public final class ResultService {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int LARGEST_PAGE = 5_000;
    /** Bytes of a result's file. */
    public static final long LARGEST_FILE = 512L * 1024 * 1024;
    /** Row numbers of remembered orders, four bytes each. */
    private static final long REMEMBERED_ROWS = 8_000_000;

    private final ResultStore store;
    private final Path blobs;
    private final NotebookReaders readers;
    private final Clock clock;
    private final BufferAllocator allocator = new RootAllocator();
    private final Cache<OrderKey, int[]> orders = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_ROWS)
            .weigher((OrderKey key, int[] rows) -> rows.length + 16)
            .build();
    private final Cache<OrderKey, List<ColumnProfile>> profiles =
            Caffeine.newBuilder().maximumSize(50).build();

    public ResultService(ResultStore store, Path blobs, NotebookReaders readers, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.blobs = requireNonNull(blobs, "blobs");
        this.readers = requireNonNull(readers, "readers");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What a result is. */
    public record Description(String resultId, List<ResultColumn> columns, long rows, boolean truncated, long bytes) {}

    /** Which rows are wanted and in which form; {@code sort} and {@code filter} as they came. */
    record PageRequest(
            long offset,
            int limit,
            @Nullable String sort,
            @Nullable String filter,
            boolean arrow) {
        PageRequest {
            if (offset < 0 || limit < 1 || limit > LARGEST_PAGE) {
                throw ApiException.invalid("offset must not be negative, limit must be between 1 and " + LARGEST_PAGE);
            }
        }
    }

    private record OrderKey(long workspaceId, String resultId, RowQuery query) {}

    /** An empty file beside the final place, to be filled and handed to {@link #keep}. */
    public Path draft(long workspaceId, String resultId) {
        try {
            Path folder = Files.createDirectories(ResultFiles.folder(blobs, workspaceId));
            return folder.resolve(checked(resultId) + "." + UUID.randomUUID() + ".tmp");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a filled draft the result: checked, synced, renamed, then known. A repeated upload succeeds. */
    public void keep(Upload upload, Path draft) {
        try {
            if (store.find(upload.workspaceId(), checked(upload.resultId())).isEmpty()) {
                StoredResult result = read(upload, draft);
                force(draft);
                Path file = file(upload.workspaceId(), upload.resultId());
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                // A rename is durable only when its directory is.
                force(requireNonNull(file.getParent()));
                store.insert(result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            discard(draft);
        }
    }

    public Description describe(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        return new Description(result.resultId(), result.columns(), result.rows(), result.truncated(), result.bytes());
    }

    /** A page of what passes the filter, in the wanted order: JSON as the contract says, or an Arrow stream. */
    byte[] rows(Caller caller, String resultId, PageRequest page) {
        StoredResult result = readable(caller, resultId);
        RowQuery query = RowQuery.parse(result, page.sort(), page.filter());
        int @Nullable [] order = query.isEverything() ? null : order(result, query);
        int[] window = ResultPages.window(result.rows(), order, page.offset(), page.limit());
        long matching = order == null ? result.rows() : order.length;
        try (BufferAllocator own = allocator.newChildAllocator("page", 0, Long.MAX_VALUE);
                ArrowFile file = open(result, own)) {
            return page.arrow()
                    ? ResultPages.arrow(file, result, window, own)
                    : ResultPages.json(file, result, window, page.offset(), matching);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first rows of a result. */
    public record Head(List<ResultColumn> columns, List<List<@Nullable Object>> rows, boolean truncated) {}

    /** For whoever may see everything of {@code notebookId}: the first rows; empty when the result is not its. */
    public Optional<Head> head(long workspaceId, long notebookId, String resultId, int rows, long characters) {
        Optional<StoredResult> found =
                store.find(workspaceId, checked(resultId)).filter(result -> result.notebookId() == notebookId);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        StoredResult result = found.get();
        try (BufferAllocator own = allocator.newChildAllocator("head", 0, Long.MAX_VALUE);
                ArrowFile file = open(result, own)) {
            List<List<@Nullable Object>> head = ResultPages.first(file, rows, characters);
            return Optional.of(new Head(result.columns(), head, result.truncated() || head.size() < result.rows()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What each column holds. */
    List<ColumnProfile> profile(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        OrderKey key = new OrderKey(result.workspaceId(), resultId, new RowQuery(List.of(), List.of()));
        return profiles.get(key, wanted -> {
            try (BufferAllocator own = allocator.newChildAllocator("profile", 0, Long.MAX_VALUE);
                    ArrowFile file = open(result, own)) {
                return ResultProfile.of(file, result.columns());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The stored Arrow file itself. */
    public Path arrow(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        return file(result.workspaceId(), resultId);
    }

    /** The whole result as a CSV file beside the results, for the caller of this to delete. */
    public Path csv(Caller caller, String resultId) {
        StoredResult result = readable(caller, resultId);
        Path target = draft(result.workspaceId(), resultId);
        try (BufferAllocator own = allocator.newChildAllocator("csv", 0, Long.MAX_VALUE);
                ArrowFile file = open(result, own)) {
            ResultCsv.write(file, result.columns(), target);
            return target;
        } catch (IOException | RuntimeException e) {
            discard(target);
            throw e instanceof IOException io ? new UncheckedIOException(io) : (RuntimeException) e;
        }
    }

    private int[] order(StoredResult result, RowQuery query) {
        return orders.get(new OrderKey(result.workspaceId(), result.resultId(), query), key -> {
            try (BufferAllocator own = allocator.newChildAllocator("order", 0, Long.MAX_VALUE);
                    ArrowFile file = open(result, own)) {
                return RowOrder.of(file, query);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** 404 in the same words for what is not there and for what the caller may not read. */
    private StoredResult readable(Caller caller, String resultId) {
        StoredResult result =
                store.find(caller.workspaceId(), checked(resultId)).orElseThrow(ResultService::missing);
        try {
            readers.requireReadable(caller, result.notebookId());
            return result;
        } catch (ApiException e) {
            boolean hidden = e.code() == ErrorCode.RESOURCE_DOES_NOT_EXIST || e.code() == ErrorCode.PERMISSION_DENIED;
            throw hidden ? missing() : e;
        }
    }

    /** Reads the whole file once: what a node sent is believed only as far as it can be read. */
    private StoredResult read(Upload upload, Path draft) throws IOException {
        List<ResultColumn> columns;
        List<Integer> batches = new ArrayList<>();
        try (BufferAllocator own = allocator.newChildAllocator("upload", 0, Long.MAX_VALUE);
                ArrowFile file = new ArrowFile(draft, own)) {
            columns = SparkTypes.columns(file.root().getSchema().getFields());
            for (int batch = 0; batch < file.batches(); batch++) {
                batches.add(file.load(batch).getRowCount());
            }
        } catch (IOException | RuntimeException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "The upload is not a readable Arrow file", e);
        }
        long rows = batches.stream().mapToLong(Integer::longValue).sum();
        return new StoredResult(
                upload.workspaceId(),
                upload.resultId(),
                upload.notebookId(),
                upload.runId(),
                columns,
                batches,
                rows,
                Files.size(draft),
                upload.truncated(),
                clock.instant());
    }

    private ArrowFile open(StoredResult result, BufferAllocator own) throws IOException {
        return new ArrowFile(file(result.workspaceId(), result.resultId()), own);
    }

    private Path file(long workspaceId, String resultId) {
        return ResultFiles.of(blobs, workspaceId, checked(resultId));
    }

    private static void discard(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static ApiException missing() {
        return ApiException.notFound("There is no such result");
    }

    private static String checked(String resultId) {
        if (!ID.matcher(resultId).matches()) {
            throw missing();
        }
        return resultId;
    }
}
