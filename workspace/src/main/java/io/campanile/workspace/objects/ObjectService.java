package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.formats.Cell;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The rules of the tree: what may be made, moved, thrown away, brought back and removed. */
public final class ObjectService {
    private static final String UNTITLED = "Untitled";
    private static final int NAMES_TRIED = 20;
    private static final int MOST_SHARED = 1_000;

    private final Tree tree;
    private final Homes homes;
    private final ObjectStore store;
    private final GrantStore grants;
    private final TrashStore trash;
    private final NotebookEntries entries;
    private final DocumentDeletions deletions;
    private final Clock clock;

    public ObjectService(
            Tree tree,
            Homes homes,
            ObjectStore store,
            GrantStore grants,
            TrashStore trash,
            NotebookEntries entries,
            DocumentDeletions deletions,
            Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.homes = requireNonNull(homes, "homes");
        this.store = requireNonNull(store, "store");
        this.grants = requireNonNull(grants, "grants");
        this.trash = requireNonNull(trash, "trash");
        this.entries = requireNonNull(entries, "entries");
        this.deletions = requireNonNull(deletions, "deletions");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes a folder and the folders above it, all or none; fine when it is there. */
    void makeDirectories(Caller caller, WorkspacePath path) {
        for (int attempt = 0; attempt < NAMES_TRIED; attempt++) {
            Located there = tree.deepest(caller, path);
            boolean whole = there.chain().size() == path.depth() + 1;
            Permission permission =
                    Permissions.decide(caller, whole ? path : there.path(), there.homeOwner(), there.granted());
            if (permission == Permission.NONE || !whole && !permission.includes(Permission.CAN_EDIT)) {
                // The same whether or not a folder on the way is there.
                throw Tree.refused(path);
            }
            if (!there.object().isDirectory()) {
                throw Tree.taken(there.path());
            }
            if (whole || makeBelow(caller, there, path)) {
                return;
            }
            tree.requireNoneAlike(there, path.segments().get(there.chain().size() - 1));
        }
        throw new ApiException(ErrorCode.RESOURCE_CONFLICT, "Path (" + path + ") is being changed; try again");
    }

    /** False when somebody else made or removed one of the folders meanwhile: then nothing was made. */
    private boolean makeBelow(Caller caller, Located there, WorkspacePath path) {
        List<String> missing = path.segments().subList(there.chain().size() - 1, path.depth());
        return store.changing(tx -> {
            Located folder = there;
            for (String name : missing) {
                WorkspaceObject made = WorkspaceObject.directory(
                        caller.workspaceId(),
                        ObjectStore.nextId(tx),
                        folder.object().objectId(),
                        name,
                        now());
                if (ObjectStore.create(tx, caller, folder, made) != ObjectStore.Placed.DONE) {
                    return false;
                }
                folder = folder.with(made);
            }
            Audit.record(
                    tx,
                    caller,
                    ObjectStore.audited(folder.object()),
                    Map.of("path", path.toString(), "folders", missing.size()));
            return true;
        });
    }

    /** Removes for good. */
    void delete(Caller caller, WorkspacePath path, boolean recursive) {
        Located there = tree.at(caller, path, Permission.CAN_READ);
        if (!Permissions.isRemovable(caller, path)) {
            throw fixed(path);
        }
        if (!tree.permission(caller, there).includes(Permission.CAN_MANAGE)) {
            throw Tree.refused(path);
        }
        switch (trash.remove(caller, there.object().objectId(), recursive, clock.instant())) {
            case DONE -> deletions.wake();
            case GONE -> throw Tree.missing(path);
            case NOT_EMPTY ->
                throw new ApiException(
                        ErrorCode.DIRECTORY_NOT_EMPTY,
                        "Folder (" + path + ") is not empty. Delete its content first, or set recursive.");
        }
    }

    /** Makes an object under a given name, or under the first free "Untitled". No folder means the caller's home. */
    Located create(
            Caller caller,
            @Nullable Long parentId,
            @Nullable String name,
            ObjectType type,
            @Nullable Language language) {
        if (type == ObjectType.REPO) {
            throw ApiException.invalid("object_type REPO: make git folders with /api/2.0/repos");
        }
        if (type == ObjectType.FILE) {
            throw ApiException.invalid("object_type FILE: put its content to /api/campanile/v1/objects/<id of a folder>"
                    + "/content?name=<name>");
        }
        Located folder = parentId == null ? homes.ensure(caller) : tree.live(caller, parentId, Permission.CAN_EDIT);
        if (!folder.object().isDirectory()) {
            throw ApiException.invalid("Object " + parentId + " is not a folder");
        }
        List<String> names =
                name == null ? freeNames(folder, UNTITLED) : List.of(WorkspacePath.checkName(name.strip()));
        if (type == ObjectType.NOTEBOOK) {
            Language known = language == null ? Language.JAVA : language;
            if (!known.ofNotebooks()) {
                throw ApiException.invalid("A notebook cannot be in the language " + known);
            }
            if (name != null) {
                // Before a document is made; the constraint refuses what comes in between.
                tree.requireFree(folder, names.get(0));
            }
            Cell first = Cell.of(Cell.newId(), known, "", null);
            return entries.create(caller, folder, names, new Notebook(known, List.of(first)));
        }
        for (String candidate : names) {
            WorkspaceObject directory = WorkspaceObject.directory(
                    caller.workspaceId(), store.nextId(), folder.object().objectId(), candidate, now());
            switch (store.inTransaction(tx -> createDirectory(tx, caller, folder, directory))) {
                case DONE -> {
                    return folder.with(directory).granting(Permission.CAN_MANAGE);
                }
                case NO_PARENT -> throw Tree.noParent(folder.path());
                case NAME_TAKEN -> {
                    // The next name may be free.
                }
            }
        }
        throw tree.taken(folder, names.get(0));
    }

    private static ObjectStore.Placed createDirectory(
            DSLContext tx, Caller caller, Located folder, WorkspaceObject directory) {
        ObjectStore.Placed placed = ObjectStore.create(tx, caller, folder, directory);
        if (placed == ObjectStore.Placed.DONE) {
            Audit.record(
                    tx,
                    caller,
                    ObjectStore.audited(directory),
                    Map.of("path", folder.with(directory).path().toString()));
        }
        return placed;
    }

    /** Gives an object another folder, another name, or both. */
    Located move(Caller caller, long objectId, @Nullable Long parentId, @Nullable String name) {
        Located moved = tree.live(caller, objectId, Permission.CAN_MANAGE);
        if (Permissions.isFixed(moved.path())) {
            throw fixed(moved.path());
        }
        long target = parentId == null ? requireNonNull(moved.object().parentId()) : parentId;
        Located folder = tree.live(caller, target, Permission.CAN_EDIT);
        if (!folder.object().isDirectory()) {
            throw ApiException.invalid("Object " + target + " is not a folder");
        }
        if (folder.chain().stream().anyMatch(above -> above.objectId() == objectId)) {
            throw ApiException.invalid("A folder cannot be moved into itself");
        }
        if (moved.object().isRepo() && folder.chain().stream().anyMatch(WorkspaceObject::isRepo)) {
            throw ApiException.invalid("A git folder cannot be moved into another one");
        }
        String wanted = name == null ? moved.object().name() : WorkspacePath.checkName(name.strip());
        return switch (trash.move(caller, objectId, target, wanted)) {
            case DONE -> tree.live(caller, objectId, Permission.CAN_READ);
            case NAME_TAKEN -> throw tree.taken(folder, wanted);
            case NO_PARENT -> throw Tree.noParent(folder.path());
        };
    }

    void trash(Caller caller, long objectId) {
        Located there = tree.any(caller, objectId, Permission.CAN_MANAGE);
        if (Permissions.isFixed(there.path())) {
            throw fixed(there.path());
        }
        if (there.isLive()) {
            trash.trash(caller, objectId, now());
        }
    }

    /** What the caller can bring back. */
    List<Located> trashed(Caller caller) {
        List<Long> ids = trash.trashed(caller.workspaceId()).stream()
                .map(WorkspaceObject::objectId)
                .toList();
        return tree.known(caller, ids).stream()
                .filter(located -> tree.permission(caller, located).includes(Permission.CAN_MANAGE))
                .toList();
    }

    /** What others gave to the caller and is in no folder he could come to it by. */
    List<Located> shared(Caller caller) {
        List<Located> given = tree.known(caller, grants.all(caller, MOST_SHARED)).stream()
                .filter(Located::isLive)
                .toList();
        List<Long> folders = given.stream()
                .flatMap(located -> Optional.ofNullable(located.object().parentId()).stream())
                .distinct()
                .toList();
        Set<Long> seen = tree.known(caller, folders).stream()
                .map(folder -> folder.object().objectId())
                .collect(Collectors.toSet());
        return given.stream()
                .filter(located -> located.object().parentId() != null)
                .filter(located -> !seen.contains(located.object().parentId()))
                .toList();
    }

    /** Brings a thrown away object back: where it was, or into the caller's home when that folder is gone. */
    Located restore(Caller caller, long objectId) {
        Located there = tree.any(caller, objectId, Permission.CAN_MANAGE);
        WorkspaceObject object = there.object();
        if (there.isLive()) {
            return there;
        }
        if (object.trashRootId() == null || object.trashRootId() != objectId) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "This was thrown away with folder "
                            + there.thrownAway().orElseThrow().objectId() + "; restore that folder");
        }
        Located parent = new Located(there.ancestors(), there.granted());
        Located folder = parent.isLive() ? parent : homes.ensure(caller);
        // Where the caller may not write only what was there comes back, under its own name.
        boolean writable = tree.permits(caller, folder.object().objectId(), Permission.CAN_EDIT);
        List<String> others = writable ? freeNames(folder, object.name()) : List.of();
        List<String> names =
                Stream.concat(Stream.of(object.name()), others.stream()).toList();
        for (String name : names) {
            switch (trash.restore(caller, objectId, folder.object().objectId(), name)) {
                case DONE -> {
                    return tree.live(caller, objectId, Permission.CAN_READ);
                }
                case NO_PARENT -> throw Tree.noParent(folder.path());
                case NAME_TAKEN -> {
                    // The next name may be free.
                }
            }
        }
        throw tree.taken(folder, object.name());
    }

    private List<String> freeNames(Located folder, String base) {
        String start =
                base.length() > WorkspacePath.MAX_NAME - 8 ? base.substring(0, WorkspacePath.MAX_NAME - 8) : base;
        Set<String> taken = store.namesBeginning(
                folder.object().workspaceId(), folder.object().objectId(), start);
        return Stream.concat(Stream.of(base), IntStream.iterate(2, n -> n + 1).mapToObj(n -> start + " " + n))
                .filter(name -> !taken.contains(FoldedNames.fold(name)))
                .limit(NAMES_TRIED)
                .toList();
    }

    private static ApiException fixed(WorkspacePath path) {
        return new ApiException(ErrorCode.BAD_REQUEST, "Folder (" + path + ") is protected");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
