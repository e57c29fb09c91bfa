package io.campanile.workspace.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files and folders of all workspaces. Blocking. What is read is never half-written: a file appears whole, under one
 * name, or not at all. Refusals are {@code ApiException}s; an {@code IOException} is a failure of the storage itself.
 */
public interface BlobStore extends AutoCloseable {
    Optional<Blob> find(long workspaceId, BlobPath path) throws IOException;

    /** Entries of a folder that is there, from where {@code after} left off. */
    BlobPage list(long workspaceId, BlobPath folder, @Nullable String after, int limit) throws IOException;

    /**
     * Some bytes of a file.
     *
     * @throws BlobChangedException when it is no longer the file that was found
     */
    InputStream read(long workspaceId, Blob blob, long from, long length) throws IOException;

    /** Brings a file's content as near to its place as can be before it is decided that it goes there. */
    default Placing prepare(long workspaceId, BlobPath path, Path content) throws IOException {
        return prepare(workspaceId, path, content, UUID.randomUUID().toString());
    }

    /** Like the other; who asks again under the same {@code mark} is not in his own way. */
    Placing prepare(long workspaceId, BlobPath path, Path content, String mark) throws IOException;

    /** The file at a path, if what put it there bore this mark. Empty, too, where a store keeps none. */
    Optional<Blob> marked(long workspaceId, BlobPath path, String mark) throws IOException;

    /** Makes a folder and those above it; nothing when it is there. */
    void makeFolders(long workspaceId, BlobPath path) throws IOException;

    /** False when there is no such file. */
    boolean deleteFile(long workspaceId, BlobPath path, Expected expected) throws IOException;

    /** Deletes a folder that is there; with what is in it only when {@code recursive}. */
    void deleteFolder(long workspaceId, BlobPath path, boolean recursive) throws IOException;

    /** Gives a file or folder another place, where nothing is yet. */
    default void move(long workspaceId, BlobPath from, BlobPath to) throws IOException {
        move(workspaceId, from, to, Expected.NOTHING, UUID.randomUUID().toString());
    }

    /**
     * Like the other; a file may replace one. Whoever asks again under the same {@code mark} has it finished, wherever it
     * was broken off.
     */
    void move(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException;

    /** Makes another file of the same content. */
    void copy(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException;

    /** Whether the nodes of clusters see the same files. */
    boolean visibleToNodes();

    @Override
    void close();

    /** A content on its way to its place. */
    interface Placing {
        /** Puts it there; the content's own file may be gone afterwards. Folders above are made. */
        Blob commit(Expected expected) throws IOException;

        /** Forgets it; harmless after {@link #commit}. */
        void abort();
    }
}
