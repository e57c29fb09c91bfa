package io.campanile.workspace.git;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.objects.WorkingObject;
import io.campanile.workspace.objects.WorkingTrees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** Two versions of a file, side by side and as a patch. */
final class Diffs {
    private static final int LARGEST = 1024 * 1024;

    private Diffs() {}

    /**
     * What was changed in a file.
     *
     * @param shown false for what is not text or too long: then only that it changed is known
     * @param before null where the file is new; {@code after} where it is gone
     * @param patch in the unified form
     */
    record Diff(
            String path,
            WorkingState.Kind kind,
            boolean shown,
            @Nullable String before,
            @Nullable String after,
            @Nullable String patch) {}

    static Diff of(Caller caller, Repository git, WorkingTrees trees, WorkingState.Change change) {
        WorkingObject object = change.object();
        Optional<byte[]> before = change.file() == null
                ? Optional.of(new byte[0])
                : read(git, ObjectId.fromString(change.file().blobId()));
        Optional<byte[]> after =
                object == null ? Optional.of(new byte[0]) : BlobErrors.guard(() -> read(caller, trees, object));
        if (before.isEmpty() || after.isEmpty()) {
            return new Diff(change.path(), change.kind(), false, null, null, null);
        }
        return new Diff(
                change.path(),
                change.kind(),
                true,
                change.file() == null ? null : text(before.get()),
                object == null ? null : text(after.get()),
                patch(before.get(), after.get()));
    }

    /** A content of git, when it is text and not too long. */
    static Optional<byte[]> read(Repository git, ObjectId blob) {
        return BlobErrors.guard(() -> {
            ObjectLoader loader = git.open(blob);
            return loader.getSize() > LARGEST ? Optional.empty() : shown(loader.getBytes());
        });
    }

    private static Optional<byte[]> read(Caller caller, WorkingTrees trees, WorkingObject object) throws IOException {
        if (object.content() != null && object.content().size() > LARGEST) {
            return Optional.empty();
        }
        try (InputStream in = trees.open(caller, object)) {
            byte[] bytes = in.readAllBytes();
            return bytes.length > LARGEST ? Optional.empty() : shown(bytes);
        }
    }

    private static Optional<byte[]> shown(byte[] bytes) {
        return WorkingTrees.isNotebookText(bytes) ? Optional.of(bytes) : Optional.empty();
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String patch(byte[] before, byte[] after) {
        return BlobErrors.guard(() -> {
            RawText one = new RawText(before);
            RawText other = new RawText(after);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (DiffFormatter formatter = new DiffFormatter(out)) {
                formatter.format(
                        DiffAlgorithm.getAlgorithm(DiffAlgorithm.SupportedAlgorithm.HISTOGRAM)
                                .diff(RawTextComparator.DEFAULT, one, other),
                        one,
                        other);
            }
            return text(out.toByteArray());
        });
    }
}
