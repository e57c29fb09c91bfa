package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Turns;
import io.campanile.common.errors.ApiException;
import io.campanile.workspace.archives.Archive;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.Contents;
import io.campanile.workspace.formats.DbcFormat;
import io.campanile.workspace.formats.JupyterFile;
import io.campanile.workspace.formats.NotebookSource;
import io.campanile.workspace.formats.ReadFile;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.formats.Trimmings;
import io.campanile.workspace.notebooks.NotebookClient;
import java.io.BufferedInputStream;
import java.io.IOException;
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
import java.util.function.Supplier;

/**
 * Makes a folder of an archive, whole or not at all. Everything is read once before anything is written; then documents
 * and contents are made under notes that have them deleted again, and one transaction makes all entries. Blocking.
 */
public final class ArchiveImport {
    /** Longer than the largest import takes. */
    private static final Duration ABANDONED = Duration.ofMinutes(60);

    private final Tree tree;
    private final ArchiveStore store;
    private final TrimmingStore trimmings;
    private final Contents contents;
    private final NotebookClient documents;
    private final DocumentDeletions deletions;
    private final Turns turns;
    private final Clock clock;

    public ArchiveImport(
            Tree tree,
            ArchiveStore store,
            TrimmingStore trimmings,
            Contents contents,
            NotebookClient documents,
            DocumentDeletions deletions,
            Turns turns,
            Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.store = requireNonNull(store, "store");
        this.trimmings = requireNonNull(trimmings, "trimmings");
        this.contents = requireNonNull(contents, "contents");
        this.documents = requireNonNull(documents, "documents");
        this.deletions = requireNonNull(deletions, "deletions");
        this.turns = requireNonNull(turns, "turns");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes the folder {@code path} of a zip file: of DBC notebooks, or of source files, .ipynb files and others. */
    void importFolder(Caller caller, WorkspacePath path, Path zip, boolean dbc) {
        if (path.isRoot()) {
            throw Tree.taken(path);
        }
        Located parent = tree.parentOf(caller, path);
        if (tree.lookup(caller, path, Permission.CAN_EDIT).isPresent()) {
            throw Tree.taken(path);
        }
        tree.requireFree(parent, path.name());
        turns.take(caller, () -> read(caller, parent, path, zip, dbc));
    }

    private boolean read(Caller caller, Located parent, WorkspacePath path, Path zip, boolean dbc) {
        return BlobErrors.guard(() -> {
            try (Archive archive = Archive.open(zip)) {
                List<ArchivePlan.Item> plan = ArchivePlan.of(archive, dbc, path);
                for (ArchivePlan.Item item : plan) {
                    if (item.type() == ObjectType.NOTEBOOK) {
                        notebook(archive, item, contents::draft, (notebook, kept) -> notebook.each(cell -> {}));
                    } else if (item.entry() != null) {
                        archive.verify(item.entry(), FileEntries.MAX_BYTES);
                    }
                }
                archive.rewind();
                write(caller, parent, path.name(), archive, plan);
            }
            return true;
        });
    }

    private void write(Caller caller, Located parent, String name, Archive archive, List<ArchivePlan.Item> plan)
            throws IOException {
        List<Long> ids = store.nextIds(plan.size() + 1);
        List<Long> notebooks = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            if (plan.get(i).type() == ObjectType.NOTEBOOK) {
                notebooks.add(ids.get(i));
            }
        }
        List<Content> stored = new ArrayList<>();
        boolean made = false;
        store.intend(caller, notebooks, clock.instant().plus(ABANDONED));
        try {
            WorkspaceObject top = WorkspaceObject.directory(
                    caller.workspaceId(), ids.get(plan.size()), parent.object().objectId(), name, now());
            List<WorkspaceObject> below = new ArrayList<>();
            Map<String, Long> folders = new HashMap<>(Map.of("", top.objectId()));
            for (int i = 0; i < plan.size(); i++) {
                ArchivePlan.Item item = plan.get(i);
                WorkspaceObject object =
                        make(caller, archive, item, ids.get(i), requireNonNull(folders.get(item.parent())));
                if (object.isDirectory()) {
                    folders.put(item.shown(), object.objectId());
                }
                if (object.content() != null) {
                    stored.add(object.content());
                }
                below.add(object);
            }
            switch (store.insert(caller, parent, top, below)) {
                case DONE -> made = true;
                case NO_PARENT -> throw Tree.noParent(parent.path());
                case NAME_TAKEN -> throw tree.taken(parent, name);
            }
        } finally {
            if (!made) {
                store.hasten(caller, notebooks, clock.instant());
                contents.abandon(caller.workspaceId(), stored);
                deletions.wake();
            }
        }
    }

    private WorkspaceObject make(Caller caller, Archive archive, ArchivePlan.Item item, long objectId, long parentId)
            throws IOException {
        long workspaceId = caller.workspaceId();
        return switch (item.type()) {
            case DIRECTORY -> WorkspaceObject.directory(workspaceId, objectId, parentId, item.name(), now());
            case NOTEBOOK -> {
                NotebookSource made = notebook(archive, item, contents::draft, (notebook, kept) -> {
                    documents.put(caller, objectId, notebook, false);
                    if (!kept.get().none()) {
                        trimmings.save(workspaceId, objectId, kept.get());
                    }
                });
                yield WorkspaceObject.notebook(workspaceId, objectId, parentId, item.name(), made.language(), now());
            }
            case REPO -> throw new IllegalStateException("An archive has no git folders");
            case FILE -> {
                Path draft = contents.draft();
                try {
                    archive.extract(requireNonNull(item.entry()), FileEntries.MAX_BYTES, draft);
                    Content content = contents.put(workspaceId, objectId, draft);
                    yield WorkspaceObject.file(workspaceId, objectId, parentId, item.name(), content, now());
                } finally {
                    FileEntries.discard(draft);
                }
            }
        };
    }

    /** What is done with a notebook of an archive; what documents have no place for is known once it has been read. */
    interface Reading {
        void read(NotebookSource notebook, Supplier<Trimmings> kept) throws IOException;
    }

    /** {@code drafts}: names for files that nobody asks for after a crash. */
    static NotebookSource notebook(Archive archive, ArchivePlan.Item item, Supplier<Path> drafts, Reading reading)
            throws IOException {
        Archive.Entry entry = requireNonNull(item.entry());
        try {
            if (item.form() == ArchivePlan.Form.JUPYTER) {
                return jupyter(archive, entry, drafts.get(), reading);
            }
            byte[] bytes = archive.bytes(entry, TransferService.MAX_BYTES);
            ReadFile read = item.form() == ArchivePlan.Form.DBC
                    ? new ReadFile(DbcFormat.read(bytes, requireNonNull(item.language())), Trimmings.NONE)
                    : SourceFormat.readFile(TransferService.text(bytes), requireNonNull(item.language()));
            reading.read(read.notebook(), read::trimmings);
            return read.notebook();
        } catch (ApiException e) {
            throw ArchivePlan.naming(entry.shown(), e);
        }
    }

    /** Through a file: it may be a hundred megabytes, and is read twice. */
    private static NotebookSource jupyter(Archive archive, Archive.Entry entry, Path draft, Reading reading)
            throws IOException {
        try {
            archive.extract(entry, TransferService.MAX_JUPYTER_BYTES, draft);
            JupyterFile file = JupyterFile.open(() -> new BufferedInputStream(Files.newInputStream(draft)), null);
            reading.read(file, file::trimmings);
            return file;
        } finally {
            FileEntries.discard(draft);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
