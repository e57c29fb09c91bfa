package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.documents.OpStore.ClientKey;
import io.campanile.notebooks.documents.OpStore.Logged;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The notebooks of all workspaces: every change goes through the authority of its notebook. */
public final class Documents implements DocumentReader, AutoCloseable {
    private static final int LONGEST_RESUME = 2_000;
    private static final long PATIENCE_SECONDS = 60;
    private static final long BYTES_A_SECOND = 1024 * 1024;
    private final DocumentStore store;
    private final OpStore log = new OpStore();
    private final AuthorityParts parts;
    private final Map<NotebookKey, Authority> authorities = new ConcurrentHashMap<>();

    public Documents(Vertx vertx, Database database, CommitListener listener, Clock clock) {
        this.store = new DocumentStore(requireNonNull(database, "database"));
        this.parts = new AuthorityParts(vertx, store, log, listener, clock);
    }

    /** Queues a client's operation. The future ends after the commit, or with 503 when nothing can be committed now. */
    public CompletableFuture<OpResult> submit(Caller caller, long notebookId, ClientOp op) {
        ClientKey number = new ClientKey(op.cid(), op.seq());
        return work(new NotebookKey(caller.workspaceId(), notebookId), new Work<OpResult>() {
            @Override
            public OpResult run(Batch batch) {
                return batch.client(caller.userName(), op);
            }

            @Override
            public ClientKey client() {
                return number;
            }
        });
    }

    @Override
    public Optional<NotebookDocument> read(long workspaceId, long notebookId) {
        return store.read(new NotebookKey(workspaceId, notebookId));
    }

    /** Bytes its text has, without reading it. */
    public long textBytes(long workspaceId, long notebookId) {
        return store.textBytes(new NotebookKey(workspaceId, notebookId));
    }

    /** The notebook, created empty when the workspace knows it and we do not: its creation was cut short. */
    public NotebookDocument open(long workspaceId, long notebookId, @Nullable String language) {
        Optional<NotebookDocument> known = read(workspaceId, notebookId);
        if (known.isPresent()) {
            return known.get();
        }
        String wanted = language != null && Limits.NOTEBOOK_LANGUAGES.contains(language) ? language : "JAVA";
        await(work(new NotebookKey(workspaceId, notebookId), new Work<Boolean>() {
            @Override
            public Boolean run(Batch batch) {
                return true;
            }

            @Override
            public String creates() {
                return wanted;
            }
        }));
        return read(workspaceId, notebookId).orElseThrow(() -> absent(notebookId));
    }

    /** What a client that knows {@code revision} has missed; empty when that is unknown here or too much. */
    public Optional<List<OpEvent>> since(long workspaceId, long notebookId, long revision) {
        NotebookKey key = new NotebookKey(workspaceId, notebookId);
        return store.reading(tx -> {
            long newest =
                    store.header(tx, key).map(DocumentStore.Header::revision).orElse(-1L);
            if (revision > newest || newest - revision > LONGEST_RESUME) {
                return Optional.<List<OpEvent>>empty();
            }
            return Optional.of(log.after(tx, key, revision, LONGEST_RESUME).stream()
                    .map(Logged::event)
                    .toList());
        });
    }

    /** Deletes the notebook with its history. False when there was none. */
    public boolean delete(long workspaceId, long notebookId) {
        NotebookKey key = new NotebookKey(workspaceId, notebookId);
        boolean deleted = store.inTransaction(tx -> store.delete(tx, key));
        if (deleted) {
            parts.listener().deleted(workspaceId, notebookId);
        }
        return deleted;
    }

    /** Waits for work that is under way; 503 when it takes too long. */
    static <T> T await(CompletableFuture<T> answer) {
        return await(answer, 0);
    }

    /** The same of work that writes so many bytes. */
    static <T> T await(CompletableFuture<T> answer, long bytes) {
        try {
            return answer.get(PATIENCE_SECONDS + bytes / BYTES_A_SECOND, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ApiException refused) {
                throw refused;
            }
            throw new IllegalStateException("Work on a notebook failed", e.getCause());
        } catch (TimeoutException e) {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The notebook is busy; try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The call was interrupted", e);
        }
    }

    <T> CompletableFuture<T> work(NotebookKey key, Work<T> work) {
        return authorities
                .computeIfAbsent(key, one -> new Authority(one, parts))
                .submit(work);
    }

    DocumentStore store() {
        return store;
    }

    OpStore log() {
        return log;
    }

    static ApiException absent(long notebookId) {
        return ApiException.notFound("Notebook " + notebookId + " does not exist");
    }

    @Override
    public void close() {
        parts.close();
    }
}
