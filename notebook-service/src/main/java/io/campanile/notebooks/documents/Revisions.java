package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.DocumentStore.Header;
import io.campanile.notebooks.documents.OpStore.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The past of a notebook: what was when, and back to it. Blocking. */
public final class Revisions {
    /** Changes of one person within this time are shown as one entry. */
    private static final Duration TOGETHER = Duration.ofMinutes(5);

    private static final int STEPS_READ = 2_000;
    private final Documents documents;

    public Revisions(Documents documents) {
        this.documents = requireNonNull(documents, "documents");
    }

    /** Entries older than {@code before}, newest first; {@code next_before} is absent at the end. */
    ObjectNode list(Caller caller, long notebookId, long before) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        List<Step> steps = documents.store().reading(tx -> {
            if (documents.store().header(tx, key).isEmpty()) {
                throw Documents.absent(notebookId);
            }
            return documents.log().before(tx, key, before, STEPS_READ);
        });
        ObjectNode out = Json.MAPPER.createObjectNode();
        ArrayNode entries = out.putArray("revisions");
        List<Step> together = new ArrayList<>();
        for (Step step : steps) {
            if (!together.isEmpty() && !belongs(step, together.get(together.size() - 1))) {
                entries.add(entry(together));
                together.clear();
            }
            together.add(step);
        }
        if (!together.isEmpty()) {
            entries.add(entry(together));
        }
        if (steps.size() == STEPS_READ) {
            out.put("next_before", steps.get(steps.size() - 1).revision());
        }
        return out;
    }

    private static boolean belongs(Step older, Step newer) {
        return older.actor().equals(newer.actor())
                && Duration.between(older.at(), newer.at()).compareTo(TOGETHER) <= 0;
    }

    /** Newest first. */
    private static ObjectNode entry(List<Step> together) {
        Step newest = together.get(0);
        Step oldest = together.get(together.size() - 1);
        ObjectNode entry = Json.MAPPER.createObjectNode().put("revision", newest.revision());
        entry.put("first_revision", oldest.revision()).put("actor", newest.actor());
        entry.put("at", newest.at().toEpochMilli()).put("since", oldest.at().toEpochMilli());
        ArrayNode kinds = entry.put("operations", together.size()).putArray("kinds");
        together.stream().map(Step::kind).distinct().sorted().forEach(kinds::add);
        return entry;
    }

    /** The notebook as it was. */
    ObjectNode content(Caller caller, long notebookId, long revision) {
        DocumentState state = at(new NotebookKey(caller.workspaceId(), notebookId), revision);
        ObjectNode out = Json.MAPPER.createObjectNode().put("revision", revision);
        ArrayNode cells = out.put("language", state.language()).putArray("cells");
        state.liveInOrder().forEach(cell -> cells.add(cell.json()));
        return out;
    }

    /** Makes the notebook again what it was, as a new revision; answers that. */
    long restore(Caller caller, long notebookId, long revision) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        DocumentState then = at(key, revision);
        return Documents.await(documents.work(key, batch -> {
            batch.server(caller.userName(), new Op.Replace(then.liveInOrder()));
            if (!batch.state().language().equals(then.language())) {
                batch.server(caller.userName(), new Op.Language(then.language()));
            }
            Audit.record(batch.transaction(), caller, "notebook/" + notebookId, Map.of("restored_revision", revision));
            return batch.state().revision();
        }));
    }

    private DocumentState at(NotebookKey key, long revision) {
        return documents.store().reading(tx -> {
            Header header = documents.store().header(tx, key).orElseThrow(() -> Documents.absent(key.notebookId()));
            return documents
                    .log()
                    .at(tx, key, revision, header.revision())
                    .orElseThrow(() -> ApiException.notFound("Revision " + revision + " does not exist"));
        });
    }
}
