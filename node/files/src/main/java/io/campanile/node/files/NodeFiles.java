package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The workspace's files, wherever they are kept at this moment. */
public final class NodeFiles implements WorkspaceFiles {
    private final FolderRoot root;
    private final WorkspaceFiles folder;
    private final WorkspaceFiles platform;

    /**
     * @param root the folder of the workspace's files on this machine, or a link to it that is not there yet
     * @param access what the agent writes when the files are not in that folder: how to ask for them, and as whom
     */
    public NodeFiles(Path root, Path access) {
        this.root = new FolderRoot(root);
        this.folder = new FolderFiles(this.root);
        this.platform = new PlatformFiles(new FilesAccess(requireNonNull(access, "access")));
    }

    private WorkspaceFiles files() throws IOException {
        return root.isInBucket() ? platform : folder;
    }

    @Override
    public Optional<FileEntry> find(String path) throws IOException {
        return files().find(path);
    }

    @Override
    public List<FileEntry> list(String path) throws IOException {
        return files().list(path);
    }

    @Override
    public OpenFile open(String path) throws IOException {
        return files().open(path);
    }

    @Override
    public OutputStream create(String path, boolean overwrite) throws IOException {
        return files().create(path, overwrite);
    }

    @Override
    public OutputStream append(String path) throws IOException {
        return files().append(path);
    }

    @Override
    public void makeFolders(String path) throws IOException {
        files().makeFolders(path);
    }

    @Override
    public boolean delete(String path, boolean recursive) throws IOException {
        try {
            return files().delete(path, recursive);
        } catch (NoSuchFileException e) {
            return false; // In a volume that does not exist, or not for this person: nothing was there to delete.
        }
    }

    @Override
    public void rename(String from, String to, boolean overwrite) throws IOException {
        files().rename(from, to, overwrite);
    }

    @Override
    public void copy(String from, String to) throws IOException {
        files().copy(from, to);
    }
}
