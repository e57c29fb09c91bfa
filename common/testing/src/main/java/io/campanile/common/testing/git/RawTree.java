package io.campanile.common.testing.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;

/** A tree of git that takes every name, however bad. */
public final class RawTree {
    private final ObjectInserter inserter;
    private final TreeFormatter formatter = new TreeFormatter();

    RawTree(ObjectInserter inserter) {
        this.inserter = inserter;
    }

    public RawTree file(String name, String content) {
        return file(name, FileMode.REGULAR_FILE, content);
    }

    public RawTree file(String name, FileMode mode, String content) {
        try {
            return append(name, mode, inserter.insert(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawTree folder(String name, Consumer<RawTree> content) {
        try {
            RawTree below = new RawTree(inserter);
            content.accept(below);
            return append(name, FileMode.TREE, below.insert());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another repository at one of its commits. */
    public RawTree submodule(String name, String commit) {
        return append(name, FileMode.GITLINK, ObjectId.fromString(commit));
    }

    private RawTree append(String name, FileMode mode, ObjectId id) {
        byte[] raw = name.getBytes(StandardCharsets.UTF_8);
        formatter.append(raw, 0, raw.length, mode, id, true);
        return this;
    }

    ObjectId insert() throws IOException {
        return inserter.insert(formatter);
    }
}
