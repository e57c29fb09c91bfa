package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.formats.NotebookSource;
import io.campanile.workspace.notebooks.NotebookClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Makes notebooks: the document first, then its entry, so that no entry is ever without a document. A note written
 * before both has the document deleted when the entry does not follow.
 */
public final class NotebookEntries {
    /** Longer than any creation takes, with its call to the notebook service timing out. */
    private static final Duration ABANDONED = Duration.ofMinutes(15);

    private final ObjectStore store;
    private final DeletionStore deletions;
    private final VisitStore visits;
    private final NotebookClient documents;
    private final Clock clock;

    public NotebookEntries(
            ObjectStore store, DeletionStore deletions, VisitStore visits, NotebookClient documents, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.deletions = requireNonNull(deletions, "deletions");
        this.visits = requireNonNull(visits, "visits");
        this.documents = requireNonNull(documents, "documents");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes a notebook in {@code folder} under the first of {@code names} that is free. */
    Located create(Caller caller, Located folder, List<String> names, NotebookSource content) {
        long objectId = store.nextId();
        deletions.intend(caller, objectId, clock.instant().plus(ABANDONED));
        boolean made = false;
        try {
            documents.put(caller, objectId, content, false);
            Located entry = enter(caller, folder, names, content, objectId);
            made = true;
            visits.visited(caller.workspaceId(), caller.userId(), objectId, clock.instant());
            return entry;
        } finally {
            if (!made) {
                deletions.hasten(caller.workspaceId(), objectId, clock.instant());
            }
        }
    }

    /** Puts new content into a notebook that is there; the old stays in the document's history. */
    void replace(Caller caller, Located notebook, NotebookSource content) {
        long objectId = notebook.object().objectId();
        documents.put(caller, objectId, content, true);
        store.replaced(caller, notebook, now(), content.language());
        visits.visited(caller.workspaceId(), caller.userId(), objectId, clock.instant());
    }

    private Located enter(Caller caller, Located folder, List<String> names, NotebookSource content, long objectId) {
        for (String name : names) {
            WorkspaceObject entry = WorkspaceObject.notebook(
                    caller.workspaceId(), objectId, folder.object().objectId(), name, content.language(), now());
            ObjectStore.Placed placed = store.inTransaction(tx -> {
                ObjectStore.Placed inserted = ObjectStore.create(tx, caller, folder, entry);
                if (inserted != ObjectStore.Placed.DONE) {
                    return inserted;
                }
                if (!DeletionStore.settle(tx, caller.workspaceId(), objectId)) {
                    throw new ApiException(
                            ErrorCode.TEMPORARILY_UNAVAILABLE, "Creating the notebook took too long; try again");
                }
                Audit.record(
                        tx,
                        caller,
                        ObjectStore.audited(entry),
                        Map.of("path", folder.with(entry).path().toString()));
                return inserted;
            });
            switch (placed) {
                case DONE -> {
                    return folder.with(entry).granting(Permission.CAN_MANAGE);
                }
                case NO_PARENT -> throw Tree.noParent(folder.path());
                case NAME_TAKEN -> {
                    // The next name may be free.
                }
            }
        }
        throw Tree.taken(
                folder,
                names.get(0),
                store.alike(caller.workspaceId(), folder.object().objectId(), names.get(0)));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
