package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The folder that holds everything of one installation. */
public record DataDir(Path root) {
    private static final long LEAST_FREE_BYTES = 500L * 1024 * 1024;

    public DataDir {
        requireNonNull(root, "root");
    }

    /** Creates the folders; a clear refusal when that cannot be or the disk is nearly full. */
    public static DataDir prepare(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            Files0600.folder(absolute);
            for (String folder : new String[] {"run", "logs", "blobs", "nodes", "files"}) {
                Files0600.folder(absolute.resolve(folder));
            }
            long free = Files.getFileStore(absolute).getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                throw new LaunchException("The disk of " + absolute + " has only " + free / (1024 * 1024)
                        + " MB free; free at least 500 MB or choose another folder with --data-dir.");
            }
        } catch (IOException e) {
            throw new LaunchException(
                    "The data folder " + absolute + " cannot be used (" + reason(e)
                            + "); choose another one with --data-dir.",
                    e);
        }
        return new DataDir(absolute);
    }

    /** The folder as it is, for commands that only look: nothing is created. */
    public static DataDir existing(Path root) {
        return new DataDir(root.toAbsolutePath().normalize());
    }

    /** Exceptions of files have the path for a message, and the reason in their name. */
    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is a file";
        }
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + " may not be written";
        }
        if (e instanceof FileSystemException special && special.getReason() != null) {
            return special.getFile() + ": " + special.getReason();
        }
        return e instanceof NoSuchFileException
                ? e.getMessage() + " cannot be created"
                : String.valueOf(e.getMessage());
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path stateFile() {
        return run().resolve("state.json");
    }

    public Path endpointsFile() {
        return run().resolve("endpoints.json");
    }

    public Path adminFile() {
        return root.resolve("admin.json");
    }

    /** Where a start tells the {@code up} of this process id its steps. */
    public Path progressFile(long pid) {
        return run().resolve("start." + pid + ".progress");
    }

    /** The key that signs internal tokens; made at the first start. */
    public byte[] internalKey() {
        Path file = run().resolve("internal.key");
        try {
            if (!Files.exists(file)) {
                byte[] key = new byte[32];
                new SecureRandom().nextBytes(key);
                Files0600.write(file, Base64.getEncoder().encode(key));
            }
            return Base64.getDecoder().decode(Files.readString(file).trim());
        } catch (IOException e) {
            throw new LaunchException("The internal key " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
