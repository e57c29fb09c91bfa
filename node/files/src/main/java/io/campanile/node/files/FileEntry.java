package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

/**
 * A file or folder as it was when it was looked up; times in milliseconds since the epoch.
 *
 * @param path absolute, without a slash behind
 */
public record FileEntry(String path, boolean folder, long size, long modifiedAt) {
    public FileEntry {
        requireNonNull(path, "path");
    }

    /** The last name; of the root, nothing. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
