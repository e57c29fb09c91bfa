package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A file or folder as it was when it was looked up.
 *
 * @param etag changes with the content; without quotes, empty for a folder
 */
public record Blob(BlobPath path, boolean folder, long size, Instant modifiedAt, String etag) {
    public Blob {
        requireNonNull(path, "path");
        requireNonNull(modifiedAt, "modifiedAt");
        requireNonNull(etag, "etag");
    }
}
