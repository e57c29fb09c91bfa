package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.Contents;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.ReadFile;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.notebooks.NotebookClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/**
 * Reads and changes the objects of git folders. New documents and contents are made first, under notes that have them
 * deleted again; one transaction makes them count. Documents that are there get their new text after it, because they
 * are not in this database: {@link #rewrite} is to be called until it has been done. Blocking.
 */
public final class WorkingTrees {
    /** Longer than the largest checkout takes. */
    private static final Duration ABANDONED = Duration.ofMinutes(60);

    private final WorkingStore store;
    private final ArchiveStore notes;
    private final TrimmingStore trimmings;
    private final Contents contents;
    private final NotebookClient documents;
    private final DocumentDeletions deletions;
    private final Clock clock;

    public WorkingTrees(
            WorkingStore store,
            ArchiveStore notes,
            TrimmingStore trimmings,
            Contents contents,
            NotebookClient documents,
            DocumentDeletions deletions,
            Clock clock) {
        this.store = requireNonNull(store, "store");
        this.notes = requireNonNull(notes, "notes");
        this.trimmings = requireNonNull(trimmings, "trimmings");
        this.contents = requireNonNull(contents, "contents");
        this.documents = requireNonNull(documents, "documents");
        this.deletions = requireNonNull(deletions, "deletions");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What the caller of {@link #apply} asks and is told. */
    public interface Work {
        /** Called between objects: throws when it takes too long. */
        void check();

        /** The digest of what a notebook is written as. */
        String digest(byte[] text);

        /** The last thing of the transaction. */
        void changed(DSLContext tx, Map<String, WorkingChange.Written> written);
    }

    /** The notebooks and files below a git folder. */
    public List<WorkingObject> scan(long workspaceId, long repoId) {
        return store.scan(workspaceId, repoId);
    }

    /** The same within a transaction of the caller's. */
    public static List<WorkingObject> scan(DSLContext tx, long workspaceId, long repoId) {
        return WorkingStore.scan(tx, workspaceId, repoId);
    }

    /** What an object is as a file: of notebooks, their SOURCE. */
    public InputStream open(Caller caller, WorkingObject object) throws IOException {
        if (object.isNotebook()) {
            return new java.io.ByteArrayInputStream(text(caller, object.objectId()));
        }
        Content content = requireNonNull(object.content());
        return contents.open(caller.workspaceId(), object.objectId(), content, 0, content.size());
    }

    /** The SOURCE of a notebook. */
    public byte[] text(Caller caller, long objectId) {
        return SourceFormat.write(
                        documents.get(caller, objectId, false), trimmings.find(caller.workspaceId(), objectId))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Gives a notebook that is there another text; answers what it is written as from now on. May be repeated. */
    public byte[] rewrite(Caller caller, long objectId, byte[] text, Language language) {
        ReadFile read = SourceFormat.readFile(TransferService.text(text), language);
        documents.put(caller, objectId, read.notebook(), true);
        trimmings.save(caller.workspaceId(), objectId, read.trimmings());
        return text(caller, objectId);
    }

    /** Whether bytes can be a notebook's text. */
    public static boolean isNotebookText(byte[] bytes) {
        try {
            TransferService.text(bytes);
            return bytes.length <= TransferService.MAX_BYTES;
        } catch (io.campanile.common.errors.ApiException e) {
            return false;
        }
    }

    /** Changes a working tree, or makes it: all or nothing, but for the texts that are still to be rewritten. */
    public void apply(Caller caller, RepoSpot spot, WorkingChange change, Work work) {
        List<Long> ids = change.written().isEmpty()
                ? List.of()
                : notes.nextIds(change.written().size());
        List<Long> notebooks = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            WorkingChange.Write write = change.written().get(i);
            if (write.language() != null && write.replaced() == null) {
                notebooks.add(ids.get(i));
            }
        }
        List<Content> stored = new ArrayList<>();
        boolean made = false;
        notes.intend(caller, notebooks, clock.instant().plus(ABANDONED));
        try {
            List<WorkingStore.Placing> placed = new ArrayList<>();
            Map<String, WorkingChange.Written> written = new HashMap<>();
            for (int i = 0; i < ids.size(); i++) {
                work.check();
                WorkingChange.Write write = change.written().get(i);
                WorkingStore.Placing placing = prepare(caller, write, ids.get(i), written, work);
                if (placing.object().content() != null) {
                    stored.add(placing.object().content());
                }
                placed.add(placing);
            }
            store.apply(caller, spot, change, placed, now(), tx -> work.changed(tx, written));
            made = true;
        } finally {
            if (!made) {
                notes.hasten(caller, notebooks, clock.instant());
                contents.abandon(caller.workspaceId(), stored);
            }
            deletions.wake();
        }
    }

    private WorkingStore.Placing prepare(
            Caller caller,
            WorkingChange.Write write,
            long freshId,
            Map<String, WorkingChange.Written> written,
            Work work) {
        WorkingObject replaced = write.replaced();
        long objectId = replaced == null ? freshId : replaced.objectId();
        String name = write.names().get(write.names().size() - 1);
        Language language = write.language();
        WorkspaceObject object;
        if (language == null) {
            Content content = store(caller, objectId, write);
            object = WorkspaceObject.file(caller.workspaceId(), objectId, 0, name, content, now());
            written.put(write.key(), new WorkingChange.Written(objectId, content.contentId(), null));
        } else {
            object = WorkspaceObject.notebook(caller.workspaceId(), objectId, 0, name, language, now());
            String digest = replaced == null ? work.digest(make(caller, objectId, write, language)) : null;
            written.put(write.key(), new WorkingChange.Written(objectId, null, digest));
        }
        return new WorkingStore.Placing(object, write.names(), replaced);
    }

    private Content store(Caller caller, long objectId, WorkingChange.Write write) {
        Path draft = contents.draft();
        try {
            BlobErrors.guard(() -> {
                try (InputStream in = write.bytes().open()) {
                    return Files.copy(in, draft);
                }
            });
            return contents.put(caller.workspaceId(), objectId, draft);
        } finally {
            FileEntries.discard(draft);
        }
    }

    private byte[] make(Caller caller, long objectId, WorkingChange.Write write, Language language) {
        byte[] bytes = BlobErrors.guard(() -> {
            try (InputStream in = write.bytes().open()) {
                return in.readAllBytes();
            }
        });
        ReadFile read = SourceFormat.readFile(TransferService.text(bytes), language);
        documents.put(caller, objectId, read.notebook(), false);
        if (!read.trimmings().none()) {
            trimmings.save(caller.workspaceId(), objectId, read.trimmings());
        }
        // Asked back: what the owner of the document makes of it is what will be compared.
        return text(caller, objectId);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
