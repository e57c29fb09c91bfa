package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.DocumentStore.Header;
import io.campanile.notebooks.documents.OpStore.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The past of a notebook: what was when, what changed between, and back to it. Blocking. */
public final class History {
    static final int MOST_ENTRIES = 200;
    /** More than an entry may have operations, so that every round closes one. */
    private static final int STEPS_AT_ONCE = 4 * HistoryFold.LONGEST;

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private final Documents documents;
    private final HistoryStore store = new HistoryStore();

    public History(Documents documents) {
        this.documents = requireNonNull(documents, "documents");
    }

    /** Entries before a revision, newest first; {@code next_page_token} is absent at the end. */
    ObjectNode page(Caller caller, long notebookId, long before, int limit) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        Optional<HistoryEntry> newest = gather(key);
        List<HistoryEntry> entries = new ArrayList<>();
        newest.filter(entry -> entry.revision() < before).ifPresent(entries::add);
        entries.addAll(documents.store().reading(tx -> store.before(tx, key, before, limit + 1 - entries.size())));
        ObjectNode out = Json.MAPPER.createObjectNode();
        ArrayNode shown = out.putArray("entries");
        entries.stream().limit(limit).forEach(entry -> shown.add(entry.json()));
        if (entries.size() > limit) {
            out.put("next_page_token", Long.toString(entries.get(limit - 1).firstRevision()));
        }
        return out;
    }

    /** Keeps the entries that were closed since the last look; answers the one that may still grow. */
    private Optional<HistoryEntry> gather(NotebookKey key) {
        while (true) {
            Gathered gathered = documents.store().inTransaction(tx -> gather(tx, key));
            if (gathered.whole()) {
                return Optional.ofNullable(gathered.newest());
            }
        }
    }

    private record Gathered(boolean whole, @Nullable HistoryEntry newest) {}

    private Gathered gather(DSLContext tx, NotebookKey key) {
        header(tx, key);
        long from = store.gathered(tx, key);
        List<Step> steps = documents.log().steps(tx, key, from, STEPS_AT_ONCE);
        HistoryFold fold = new HistoryFold(store.restoresAfter(tx, key, from));
        steps.forEach(fold::add);
        store.close(tx, key, fold.closed());
        return new Gathered(steps.size() < STEPS_AT_ONCE, fold.open().orElse(null));
    }

    /** The notebook as it was. */
    ObjectNode content(Caller caller, long notebookId, long revision) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        DocumentState state = documents.store().reading(tx -> at(tx, key, revision, "revision"));
        ObjectNode out = Json.MAPPER.createObjectNode().put("revision", revision);
        ArrayNode cells = out.put("language", state.language()).putArray("cells");
        state.liveInOrder().forEach(cell -> cells.add(cell.json()));
        return out;
    }

    /** What changed from one revision to another; {@code to} null: to the newest. */
    ObjectNode diff(Caller caller, long notebookId, long from, @Nullable Long to) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        return documents.store().reading(tx -> {
            long end = to == null ? header(tx, key).revision() : to;
            return NotebookDiff.of(at(tx, key, from, "from"), at(tx, key, end, "to"));
        });
    }

    /** Makes the notebook again what it was, by new operations; asked again under the same number it is answered only. */
    Restored restore(Caller caller, long notebookId, long revision, String requestId) {
        if (!REQUEST_ID.matcher(requestId).matches()) {
            throw ApiException.invalid("Field request_id must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        // The past does not change: it is put together before the notebook's turn is taken.
        DocumentState then = documents.store().reading(tx -> at(tx, key, revision, "revision"));
        Instant thenAt = documents.store().reading(tx -> when(tx, key, revision));
        return Documents.await(documents.work(key, batch -> restore(batch, caller, key, requestId, then, thenAt)));
    }

    private Restored restore(
            Batch batch, Caller caller, NotebookKey key, String requestId, DocumentState then, Instant thenAt) {
        DSLContext tx = batch.transaction();
        Optional<Restored> done = store.restore(tx, key, requestId);
        if (done.isPresent()) {
            if (done.get().revision() != then.revision()) {
                throw new ApiException(
                        ErrorCode.RESOURCE_CONFLICT,
                        "Field request_id was used to restore revision "
                                + done.get().revision());
            }
            return done.get();
        }
        long before = batch.state().revision();
        for (Op op : RestorePlan.of(batch.state(), then)) {
            try {
                batch.server(caller.userName(), op);
            } catch (ApiException e) {
                // Half a restore must not be committed: a refusal here is a fault of the plan, and undoes all of it.
                throw new IllegalStateException("A step of a restore was refused", e);
            }
        }
        Restored restored =
                new Restored(then.revision(), thenAt, before, batch.state().revision());
        store.insert(tx, key, requestId, restored);
        Audit.record(
                tx,
                caller,
                "notebook/" + key.notebookId(),
                Map.of("restored", then.revision(), "before", before, "revision", restored.after()));
        return restored;
    }

    Instant when(DSLContext tx, NotebookKey key, long revision) {
        return documents
                .log()
                .when(tx, key, revision)
                .orElseGet(() -> header(tx, key).createdAt());
    }

    private Header header(DSLContext tx, NotebookKey key) {
        return documents.store().header(tx, key).orElseThrow(() -> Documents.absent(key.notebookId()));
    }

    private DocumentState at(DSLContext tx, NotebookKey key, long revision, String field) {
        return documents
                .log()
                .at(tx, key, revision, header(tx, key).revision())
                .orElseThrow(
                        () -> ApiException.notFound("Field " + field + ": the notebook has no revision " + revision));
    }
}
