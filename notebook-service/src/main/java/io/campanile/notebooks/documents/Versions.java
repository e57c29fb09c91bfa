package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.DocumentStore.Header;
import io.campanile.notebooks.documents.VersionStore.Name;
import java.text.Normalizer;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Names for revisions: of no weight for the notebook itself, and gone with it. Blocking. */
public final class Versions {
    static final int MOST = 500;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_DESCRIPTION = 2_000;
    private final Documents documents;
    private final History history;
    private final VersionStore store = new VersionStore();
    private final Clock clock;

    public Versions(Documents documents, History history, Clock clock) {
        this.documents = requireNonNull(documents, "documents");
        this.history = requireNonNull(history, "history");
        this.clock = requireNonNull(clock, "clock");
    }

    /** All of them, newest revision first. */
    ObjectNode list(Caller caller, long notebookId) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        List<Version> versions = documents.store().reading(tx -> {
            if (documents.store().header(tx, key).isEmpty()) {
                throw Documents.absent(notebookId);
            }
            return store.list(tx, key);
        });
        ObjectNode out = Json.MAPPER.createObjectNode();
        var shown = out.putArray("versions");
        versions.forEach(version -> shown.add(version.json()));
        return out;
    }

    /** Names a revision; {@code revision} null: the newest. */
    Version create(Caller caller, long notebookId, String name, @Nullable String description, @Nullable Long revision) {
        Name checked = name(name);
        String about = description(description);
        return changing(caller, notebookId, (tx, key, header) -> {
            long named = revision == null ? header.revision() : revision;
            if (named < 0 || named > header.revision()) {
                throw ApiException.invalid("Field revision: the notebook has no revision " + named);
            }
            if (store.count(tx, key) >= MOST) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        "A notebook has at most " + MOST + " named versions; delete one to make room");
            }
            Version version = new Version(
                    0, checked.shown(), about, named, history.when(tx, key, named), caller.userName(), clock.instant());
            long id = store.insert(tx, key, checked, version).orElseThrow(() -> taken(checked));
            audit(tx, caller, notebookId, id, Map.of("name", checked.shown(), "revision", named));
            return found(tx, key, id);
        });
    }

    /** Null leaves as it is. */
    Version update(
            Caller caller, long notebookId, long versionId, @Nullable String name, @Nullable String description) {
        Name wanted = name == null ? null : name(name);
        String about = description == null ? null : description(description);
        return changing(caller, notebookId, (tx, key, header) -> {
            Version old = found(tx, key, versionId);
            Name next = wanted == null ? name(old.name()) : wanted;
            if (!store.update(tx, key, versionId, next, about == null ? old.description() : about)) {
                throw taken(next);
            }
            audit(tx, caller, notebookId, versionId, Map.of("name", next.shown(), "was", old.name()));
            return found(tx, key, versionId);
        });
    }

    /** Takes the name away; the revision stays in the history. */
    void delete(Caller caller, long notebookId, long versionId) {
        changing(caller, notebookId, (tx, key, header) -> {
            Version old = found(tx, key, versionId);
            store.delete(tx, key, versionId);
            audit(tx, caller, notebookId, versionId, Map.of("name", old.name(), "revision", old.revision()));
            return true;
        });
    }

    private interface Change<T> {
        T make(DSLContext tx, NotebookKey key, Header header);
    }

    /** Under the notebook's lock, so that the limit holds and the newest revision is the newest. */
    private <T> T changing(Caller caller, long notebookId, Change<T> change) {
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        return documents
                .store()
                .inTransaction(tx -> change.make(
                        tx, key, documents.store().lock(tx, key).orElseThrow(() -> Documents.absent(notebookId))));
    }

    private Version found(DSLContext tx, NotebookKey key, long versionId) {
        return store.find(tx, key, versionId)
                .orElseThrow(() -> ApiException.notFound("Version " + versionId + " does not exist"));
    }

    private static void audit(DSLContext tx, Caller caller, long notebookId, long versionId, Map<String, ?> details) {
        Audit.record(tx, caller, "notebook/" + notebookId + "/version/" + versionId, details);
    }

    private static ApiException taken(Name name) {
        return new ApiException(
                ErrorCode.RESOURCE_ALREADY_EXISTS,
                "Field name: the notebook has a version named " + name.shown() + " already");
    }

    /** Names that differ by case or by Unicode form alone are one. */
    private static Name name(String given) {
        String shown = Normalizer.normalize(given, Normalizer.Form.NFC).strip();
        if (shown.isEmpty() || shown.length() > LONGEST_NAME || !storable(shown, false)) {
            throw ApiException.invalid(
                    "Field name must be 1 to " + LONGEST_NAME + " characters without control characters");
        }
        String key = Normalizer.normalize(shown, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        // One character may become eighteen in that form; what is longer than the column is told apart by its hash.
        return new Name(shown, key.length() <= 500 ? key : key.substring(0, 480) + "#" + key.hashCode());
    }

    private static String description(@Nullable String given) {
        String text = given == null ? "" : given.strip();
        if (text.length() > LONGEST_DESCRIPTION || !storable(text, true)) {
            throw ApiException.invalid("Field description must be at most " + LONGEST_DESCRIPTION
                    + " characters without control characters");
        }
        return text;
    }

    private static boolean storable(String text, boolean lines) {
        return text.codePoints()
                .allMatch(c -> (lines && (c == '\n' || c == '\t'))
                        || (!Character.isISOControl(c)
                                && Character.getType(c) != Character.SURROGATE
                                && Character.getType(c) != Character.LINE_SEPARATOR
                                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR));
    }
}
