package io.campanile.node.files.dbfs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/** The failures of the workspace's files as Hadoop knows them. */
final class Refusals {
    private Refusals() {}

    /** Work on files. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T translated(Path path, Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            throw (IOException)
                    new FileNotFoundException(said(e.getReason(), "No such file or directory: " + path)).initCause(e);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw (IOException)
                    new FileAlreadyExistsException(said(e.getReason(), path + " already exists")).initCause(e);
        } catch (DirectoryNotEmptyException e) {
            throw new IOException(path + " is not empty", e);
        } catch (AccessDeniedException e) {
            throw (IOException)
                    new AccessControlException(path + ": " + said(e.getReason(), "Permission denied")).initCause(e);
        }
    }

    private static String said(@Nullable String reason, String otherwise) {
        return reason == null ? otherwise : reason;
    }
}
