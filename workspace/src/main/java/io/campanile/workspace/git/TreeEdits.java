package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.objects.WorkingObject;
import io.campanile.workspace.objects.WorkingTrees;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.InvalidPathException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;

/** Makes the tree of a commit of the head's and of changed objects, and what is known of the files then. */
final class TreeEdits {
    private final Session session;
    private final WorkingTrees trees;
    private final ObjectInserter inserter;
    private final List<RepoStore.TrackedFile> tracked = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();

    TreeEdits(Session session, WorkingTrees trees, ObjectInserter inserter) {
        this.session = requireNonNull(session, "session");
        this.trees = requireNonNull(trees, "trees");
        this.inserter = requireNonNull(inserter, "inserter");
    }

    List<RepoStore.TrackedFile> tracked() {
        return tracked;
    }

    List<String> dropped() {
        return dropped;
    }

    ObjectId apply(List<WorkingState.Change> changes) {
        return BlobErrors.guard(() -> {
            DirCache index = head(session, session.repo().head());
            DirCacheEditor editor = index.editor();
            for (WorkingState.Change change : changes) {
                session.allowance().check();
                WorkingObject object = change.object();
                if (object == null) {
                    editor.add(new DirCacheEditor.DeletePath(change.path()));
                    dropped.add(change.path());
                } else {
                    put(editor, change, object);
                }
            }
            editor.finish();
            ObjectId tree = index.writeTree(inserter);
            inserter.flush();
            return tree;
        });
    }

    /** The index of a commit. */
    static DirCache head(Session session, @org.jspecify.annotations.Nullable String commit) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        if (commit != null) {
            try (ObjectReader reader = session.git().newObjectReader()) {
                builder.addTree(new byte[0], DirCacheEntry.STAGE_0, reader, Commits.tree(session.git(), commit));
            }
        }
        builder.finish();
        return index;
    }

    private void put(DirCacheEditor editor, WorkingState.Change change, WorkingObject object) throws IOException {
        ObjectId blob;
        try (InputStream in = trees.open(session.caller(), object)) {
            blob = object.content() == null
                    ? inserter.insert(Constants.OBJ_BLOB, in.readAllBytes())
                    : inserter.insert(Constants.OBJ_BLOB, object.content().size(), in);
        }
        int mode = change.file() == null
                ? FileMode.REGULAR_FILE.getBits()
                : change.file().mode();
        set(editor, change.path(), blob, mode);
        tracked.add(new RepoStore.TrackedFile(
                change.path(),
                object.objectId(),
                object.path(),
                blob.name(),
                mode,
                object.content() == null ? null : object.content().contentId(),
                object.content() == null ? blob.name() : null));
    }

    static void set(DirCacheEditor editor, String path, ObjectId blob, int mode) {
        try {
            editor.add(new DirCacheEditor.PathEdit(path) {
                @Override
                public void apply(DirCacheEntry entry) {
                    entry.setFileMode(FileMode.fromBits(mode));
                    entry.setObjectId(blob);
                }
            });
            // The editor would say it later, and not as something a person did.
            new DirCacheEntry(path);
        } catch (InvalidPathException e) {
            throw ApiException.invalid("'" + path + "' is not a path that git can have");
        }
    }
}
