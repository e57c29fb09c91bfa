package io.campanile.notebooks.documents;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Errors;
import io.campanile.notebooks.documents.DocumentStore.Header;
import io.campanile.notebooks.documents.OpStore.ClientKey;
import io.campanile.notebooks.documents.OpStore.Logged;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only author of a notebook's order. Work queues up while a transaction runs and is committed together by the next
 * one, so a group never waits longer than one commit; nothing is answered before its commit. The row lock keeps the
 * promise even if a second process served the same notebook.
 */
final class Authority {
    private static final Logger LOG = LoggerFactory.getLogger(Authority.class);
    private static final int GROUP = 256;
    private static final int LONGEST_QUEUE = 8192;

    private final NotebookKey key;
    private final AuthorityParts parts;
    private final ArrayDeque<Item<?>> queue = new ArrayDeque<>();
    private boolean draining;

    Authority(NotebookKey key, AuthorityParts parts) {
        this.key = key;
        this.parts = parts;
    }

    /** Queues work; the future ends after the commit, on a thread that must not be blocked. */
    <T> CompletableFuture<T> submit(Work<T> work) {
        Item<T> item = new Item<>(work);
        boolean start;
        synchronized (queue) {
            if (queue.size() >= LONGEST_QUEUE) {
                return CompletableFuture.failedFuture(new ApiException(
                        ErrorCode.TEMPORARILY_UNAVAILABLE, "Too many operations on this notebook; try again"));
            }
            queue.addLast(item);
            start = !draining;
            draining = true;
        }
        if (start) {
            parts.run(this::drain);
        }
        return item.answer;
    }

    private void drain() {
        while (true) {
            List<Item<?>> group = new ArrayList<>();
            synchronized (queue) {
                while (group.size() < GROUP && !queue.isEmpty()) {
                    group.add(queue.removeFirst());
                }
                if (group.isEmpty()) {
                    draining = false;
                    return;
                }
            }
            commit(group);
        }
    }

    private void commit(List<Item<?>> group) {
        List<Logged> committed;
        try {
            committed = parts.documents().inTransaction(tx -> write(tx, group));
        } catch (HalfDoneException e) {
            parts.forget(key);
            refuse(group, e.refusal, true);
            return;
        } catch (RuntimeException e) {
            parts.forget(key);
            ApiException failure = Errors.translate(e);
            if (failure.code() == ErrorCode.TEMPORARILY_UNAVAILABLE) {
                // It may have been committed all the same: then nobody but the sender, who asks again, would hear of
                // it.
                parts.listener().doubted(key.workspaceId(), key.notebookId());
            }
            boolean fault = failure.code() == ErrorCode.INTERNAL_ERROR;
            if (fault && group.size() == 1) {
                LOG.atError()
                        .addKeyValue("notebookId", key.notebookId())
                        .setCause(e)
                        .log("An operation could not be committed");
            }
            refuse(group, failure, fault);
            return;
        }
        publish(committed);
        group.forEach(Item::complete);
    }

    /** {@code one}: whether one of them is the cause; then the others must not suffer for it. */
    private void refuse(List<Item<?>> group, ApiException failure, boolean one) {
        if (one && group.size() > 1) {
            group.forEach(item -> commit(List.of(item)));
            return;
        }
        group.forEach(item -> item.answer.completeExceptionally(failure));
    }

    private void publish(List<Logged> committed) {
        if (!committed.isEmpty()) {
            parts.listener()
                    .committed(
                            key.workspaceId(),
                            key.notebookId(),
                            committed.stream().map(Logged::event).toList());
        }
    }

    private List<Logged> write(DSLContext tx, List<Item<?>> group) {
        Instant now = parts.clock().instant();
        DocumentState state = state(tx, group, now);
        if (state == null) {
            ApiException absent = ApiException.notFound("Notebook " + key.notebookId() + " does not exist");
            group.forEach(item -> item.failed(absent));
            return List.of();
        }
        Map<ClientKey, Logged> known = new HashMap<>(parts.log().known(tx, key, numbers(group)));
        Batch batch = new Batch(tx, key, state, parts.log(), now, known);
        group.forEach(item -> item.run(batch));
        batch.flush(parts.documents());
        parts.remember(key, state);
        return batch.appended();
    }

    private @Nullable DocumentState state(DSLContext tx, List<Item<?>> group, Instant now) {
        Header header = parts.documents().lock(tx, key).orElse(null);
        if (header == null) {
            parts.forget(key);
            String language = null;
            for (Item<?> item : group) {
                language = language == null ? item.work.creates() : language;
            }
            if (language == null || !parts.documents().create(tx, key, language, now)) {
                return null;
            }
            DocumentState created = new DocumentState(language, 0);
            parts.log().snapshot(tx, key, created, now);
            return created;
        }
        DocumentState remembered = parts.remembered(key);
        if (remembered != null && remembered.revision() == header.revision()) {
            return remembered;
        }
        return parts.documents().load(tx, key, header);
    }

    private static List<ClientKey> numbers(List<Item<?>> group) {
        List<ClientKey> out = new ArrayList<>();
        for (Item<?> item : group) {
            ClientKey number = item.work.client();
            if (number != null) {
                out.add(number);
            }
        }
        return out;
    }

    private static final class Item<T> {
        final Work<T> work;
        final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable ApiException failure;

        Item(Work<T> work) {
            this.work = work;
        }

        void run(Batch batch) {
            failure = null;
            int before = batch.appended().size();
            try {
                result = work.run(batch);
            } catch (ApiException e) {
                if (batch.appended().size() > before) {
                    throw new HalfDoneException(e);
                }
                failure = e;
            }
        }

        void failed(ApiException reason) {
            failure = reason;
        }

        void complete() {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(result);
            }
        }
    }

    /** Work was refused when a part of it was done: none of it may be committed. */
    private static final class HalfDoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient ApiException refusal;

        HalfDoneException(ApiException refusal) {
            super(refusal);
            this.refusal = refusal;
        }
    }
}
