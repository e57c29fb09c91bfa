package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.NoMergeBaseException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;
import org.eclipse.jgit.merge.RecursiveMerger;
import org.jspecify.annotations.Nullable;

/** Merges two commits without any files. */
final class Merges {
    private Merges() {}

    /** {@code tree} is null while there are conflicts. */
    record Result(@Nullable ObjectId tree, List<String> conflicts) {}

    /** Merges; {@code resolved} says for files in conflict what they are to be, empty: gone. */
    static Result merge(Repository git, String ours, String theirs, Map<String, Optional<ObjectId>> resolved) {
        return BlobErrors.guard(() -> {
            Kept merger = new Kept(git);
            boolean clean;
            try {
                clean = merger.merge(ObjectId.fromString(ours), ObjectId.fromString(theirs));
            } catch (NoMergeBaseException e) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE, "The two histories cannot be merged: " + e.getReason(), e);
            }
            if (clean) {
                return new Result(merger.getResultTreeId(), List.of());
            }
            if (merger.getFailingPaths() != null) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        "These files cannot be merged: "
                                + String.join(
                                        ", ",
                                        new TreeSet<>(merger.getFailingPaths().keySet())));
            }
            List<String> open = merger.getUnmergedPaths().stream()
                    .distinct()
                    .filter(path -> !resolved.containsKey(path))
                    .sorted()
                    .toList();
            return open.isEmpty() ? new Result(tree(git, merger.index(), resolved), open) : new Result(null, open);
        });
    }

    /** The tree of an index in which every conflict is resolved. */
    private static ObjectId tree(Repository git, DirCache merged, Map<String, Optional<ObjectId>> resolved)
            throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        Map<String, Integer> modes = new HashMap<>();
        Map<String, Integer> modesOfOne = new HashMap<>();
        for (int i = 0; i < merged.getEntryCount(); i++) {
            DirCacheEntry entry = merged.getEntry(i);
            if (entry.getStage() == DirCacheEntry.STAGE_0) {
                builder.add(entry);
            } else {
                if (entry.getFileMode() != FileMode.GITLINK) {
                    modes.putIfAbsent(entry.getPathString(), entry.getRawMode());
                }
                // A file on one side can be a submodule on the other.
                modesOfOne.put(entry.getPathString() + "@" + entry.getObjectId().name(), entry.getRawMode());
            }
        }
        builder.finish();
        DirCacheEditor editor = index.editor();
        resolved.forEach((path, blob) -> {
            int mode = modes.getOrDefault(path, FileMode.REGULAR_FILE.getBits());
            if (blob.isPresent()) {
                TreeEdits.set(
                        editor,
                        path,
                        blob.get(),
                        modesOfOne.getOrDefault(path + "@" + blob.get().name(), mode));
            } else {
                editor.add(new DirCacheEditor.DeletePath(path));
            }
        });
        editor.finish();
        try (ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId tree = index.writeTree(inserter);
            inserter.flush();
            return tree;
        }
    }

    /** Both versions in one text, with the usual marks where they differ. */
    static String marked(byte[] base, byte[] ours, byte[] theirs) {
        return BlobErrors.guard(() -> {
            MergeResult<RawText> result = new MergeAlgorithm()
                    .merge(RawTextComparator.DEFAULT, new RawText(base), new RawText(ours), new RawText(theirs));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new MergeFormatter().formatMerge(out, result, "base", "ours", "theirs", StandardCharsets.UTF_8);
            return Diffs.text(out.toByteArray());
        });
    }

    /** Lets one see the index of a merge with conflicts. */
    private static final class Kept extends RecursiveMerger {
        Kept(Repository git) {
            super(git, true);
        }

        DirCache index() {
            return dircache;
        }
    }
}
