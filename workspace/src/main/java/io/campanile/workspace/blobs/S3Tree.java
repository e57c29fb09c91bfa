package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Files and folders where a bucket has objects alone: a folder is an object whose key ends with a slash, or whatever has
 * keys below it.
 */
final class S3Tree {
    private final S3Bucket bucket;

    S3Tree(S3Bucket bucket) {
        this.bucket = requireNonNull(bucket, "bucket");
    }

    Optional<Blob> find(long workspaceId, BlobPath path) {
        Optional<Blob> file = path.isRoot() ? Optional.empty() : file(workspaceId, path);
        return file.isPresent() ? file : folder(workspaceId, path);
    }

    Optional<Blob> file(long workspaceId, BlobPath path) {
        return bucket.head(bucket.key(workspaceId, path))
                .map(head -> new Blob(
                        path, false, head.contentLength(), head.lastModified(), S3Bucket.unquoted(head.eTag())));
    }

    Optional<Blob> folder(long workspaceId, BlobPath path) {
        ListObjectsV2Response below = bucket.list(bucket.folderKey(workspaceId, path), null, 1, false);
        if (below.contents().isEmpty() && !path.isRoot()) {
            return Optional.empty();
        }
        Instant modified = below.contents().isEmpty()
                ? Instant.EPOCH
                : below.contents().get(0).lastModified();
        return Optional.of(new Blob(path, true, 0, modified, ""));
    }

    /** A bucket has room for a file and for files below it under the same name; paths have not. */
    void requireFolders(long workspaceId, BlobPath path) {
        for (BlobPath above = path; !above.isRoot(); above = above.parent()) {
            if (file(workspaceId, above).isPresent()) {
                throw BlobErrors.isFile(above);
            }
        }
    }

    /** A folder does not go with the last thing in it. */
    void keepParent(long workspaceId, BlobPath path) {
        if (!path.parent().isRoot()) {
            bucket.mark(bucket.folderKey(workspaceId, path.parent()));
        }
    }
}
