package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Consecutive operations of one person, as one thing that they did. */
record HistoryEntry(
        long firstRevision,
        long revision,
        String actor,
        Instant since,
        Instant at,
        Counts counts,
        @Nullable Past restored) {
    HistoryEntry {
        requireNonNull(actor, "actor");
        requireNonNull(since, "since");
        requireNonNull(at, "at");
        requireNonNull(counts, "counts");
    }

    /**
     * What came of it, in cells.
     *
     * @param settings cells of which only a property changed
     * @param replaced the whole list of cells was replaced, by an import or a large restore
     * @param language the notebook's language changed
     */
    record Counts(int added, int removed, int edited, int moved, int settings, boolean replaced, boolean language) {}

    /** A revision, and when it was the newest. */
    record Past(long revision, Instant at) {}

    ObjectNode json() {
        ObjectNode out = Json.MAPPER.createObjectNode();
        out.put("first_revision", firstRevision).put("revision", revision).put("actor", actor);
        out.put("since", since.toEpochMilli()).put("at", at.toEpochMilli());
        out.put("added", counts.added()).put("removed", counts.removed()).put("edited", counts.edited());
        out.put("moved", counts.moved()).put("settings", counts.settings());
        out.put("replaced", counts.replaced()).put("language", counts.language());
        if (restored != null) {
            out.putObject("restored")
                    .put("revision", restored.revision())
                    .put("at", restored.at().toEpochMilli());
        }
        return out;
    }
}
