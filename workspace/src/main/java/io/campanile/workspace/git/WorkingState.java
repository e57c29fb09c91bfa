package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.objects.WorkingObject;
import io.campanile.workspace.objects.WorkingTrees;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/** The objects of a git folder beside the files of its head: what was changed since. */
final class WorkingState {
    private final Caller caller;
    private final WorkingTrees trees;
    private final Map<String, RepoStore.TrackedFile> files = new LinkedHashMap<>();
    private final Map<Long, WorkingObject> inPlace = new HashMap<>();
    private final Map<String, WorkingObject> untracked = new TreeMap<>();
    private final Map<String, Boolean> modified = new HashMap<>();

    WorkingState(Caller caller, WorkingTrees trees, List<RepoStore.TrackedFile> tracked, List<WorkingObject> objects) {
        this.caller = requireNonNull(caller, "caller");
        this.trees = requireNonNull(trees, "trees");
        Map<Long, WorkingObject> byId = new HashMap<>();
        objects.forEach(object -> byId.put(object.objectId(), object));
        Set<Long> placed = new HashSet<>();
        for (RepoStore.TrackedFile file : tracked) {
            files.put(file.gitPath(), file);
            WorkingObject object = byId.get(file.objectId());
            if (object != null && object.path().equals(file.treePath()) && object.isNotebook() == file.isNotebook()) {
                inPlace.put(file.objectId(), object);
                placed.add(file.objectId());
            }
        }
        objects.stream()
                .filter(object -> !placed.contains(object.objectId()))
                .forEach(object -> untracked.putIfAbsent(gitPath(object), object));
    }

    enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** A path whose object is not what the head has. */
    record Change(String path, Kind kind, @Nullable WorkingObject object, RepoStore.@Nullable TrackedFile file) {}

    /** The object of a file where it was put; null when it was moved or removed. */
    @Nullable
    WorkingObject object(RepoStore.TrackedFile file) {
        return inPlace.get(file.objectId());
    }

    /** Objects that are no file of the head, by the path they would have. */
    Map<String, WorkingObject> untracked() {
        return untracked;
    }

    Map<String, RepoStore.TrackedFile> files() {
        return files;
    }

    /** Whether the object of a file is another, is gone, or has another content. */
    boolean isChanged(RepoStore.TrackedFile file) {
        WorkingObject object = object(file);
        return object == null || modified.computeIfAbsent(file.gitPath(), path -> differs(file, object));
    }

    /** Everything that was changed, by path. */
    Map<String, Change> changes() {
        Map<String, Change> found = new TreeMap<>();
        for (RepoStore.TrackedFile file : files.values()) {
            if (isChanged(file)) {
                WorkingObject object = object(file);
                Kind kind = object == null ? Kind.DELETED : Kind.MODIFIED;
                found.put(file.gitPath(), new Change(file.gitPath(), kind, object, file));
            }
        }
        untracked.forEach((path, object) -> {
            Change there = found.get(path);
            if (there != null && there.kind() == Kind.DELETED) {
                found.put(path, new Change(path, Kind.MODIFIED, object, there.file()));
            } else if (!files.containsKey(path)) {
                found.put(path, new Change(path, Kind.ADDED, object, null));
            }
        });
        return found;
    }

    /** Files whose notebooks were found to have another text: it may have been given to them by an operation since. */
    List<RepoStore.TrackedFile> rewritable() {
        return files.values().stream()
                .filter(file -> file.isNotebook() && Boolean.TRUE.equals(modified.get(file.gitPath())))
                .toList();
    }

    private boolean differs(RepoStore.TrackedFile file, WorkingObject object) {
        if (file.isPending()) {
            // Its text is on its way, and is the head's.
            return false;
        }
        if (object.content() != null
                && Long.valueOf(object.content().contentId()).equals(file.contentId())) {
            return false;
        }
        String now = blobId(object);
        return !now.equals(file.writtenId()) && !now.equals(file.blobId());
    }

    private String blobId(WorkingObject object) {
        return BlobErrors.guard(() -> {
            try (InputStream in = trees.open(caller, object);
                    ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
                if (object.content() == null) {
                    return formatter
                            .idFor(Constants.OBJ_BLOB, in.readAllBytes())
                            .name();
                }
                return formatter
                        .idFor(Constants.OBJ_BLOB, object.content().size(), in)
                        .name();
            }
        });
    }

    static String digest(byte[] text) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, text).name();
        }
    }

    /** What the file of a new object is called: of notebooks, with the ending of their language. */
    private static String gitPath(WorkingObject object) {
        return object.language() == null
                ? object.path()
                : object.path() + "." + object.language().extension();
    }
}
