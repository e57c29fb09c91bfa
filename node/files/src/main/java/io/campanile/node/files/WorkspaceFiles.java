package io.campanile.node.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The files of the workspace that the node works for. Blocking. Paths are absolute, of the form {@code /a/b}; refusals
 * are {@code java.nio.file}'s exceptions: {@code NoSuchFileException}, {@code FileAlreadyExistsException}, {@code
 * DirectoryNotEmptyException}, {@code AccessDeniedException}. Every other {@code IOException} names the path too.
 */
public interface WorkspaceFiles {
    Optional<FileEntry> find(String path) throws IOException;

    /** What is in a folder that is there. */
    List<FileEntry> list(String path) throws IOException;

    OpenFile open(String path) throws IOException;

    /** A new file, which is there for certain once it was closed; folders above it are made. */
    OutputStream create(String path, boolean overwrite) throws IOException;

    /** More of a file that is there; refused where files are written once. */
    OutputStream append(String path) throws IOException;

    /** Makes a folder and those above it; nothing when it is there. */
    void makeFolders(String path) throws IOException;

    /** False when nothing is there. */
    boolean delete(String path, boolean recursive) throws IOException;

    /** Gives a file or folder another place, in a folder that is there. Only a file is ever replaced. */
    void rename(String from, String to, boolean overwrite) throws IOException;

    /** Another file of the same content, where there is none or a file; folders above it are made. */
    void copy(String from, String to) throws IOException;
}
