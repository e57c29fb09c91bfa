package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Moves and copies in a bucket, which has no such thing as a move. A folder's objects are copied one by one: others may
 * see it half moved.
 */
final class S3Moves {
    private final S3Client client;
    private final S3Bucket bucket;
    private final S3Tree tree;

    S3Moves(S3Client client, S3Bucket bucket, S3Tree tree) {
        this.client = requireNonNull(client, "client");
        this.bucket = requireNonNull(bucket, "bucket");
        this.tree = requireNonNull(tree, "tree");
    }

    void move(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) {
        Optional<Blob> source = tree.find(workspaceId, from);
        if (source.isEmpty() && !carries(workspaceId, to, mark)) {
            throw BlobErrors.missing(from);
        }
        if (source.isEmpty()) {
            return;
        }
        if (source.get().folder()) {
            moveFolder(workspaceId, from, to, mark);
        } else {
            copyFile(workspaceId, source.get(), to, expected, mark);
            deleteCopied(workspaceId, source.get());
        }
    }

    void copy(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) {
        Blob source = tree.find(workspaceId, from).orElseThrow(() -> BlobErrors.missing(from));
        if (source.folder()) {
            throw BlobErrors.isFolder(from);
        }
        copyFile(workspaceId, source, to, expected, mark);
    }

    /** What came to the old place meanwhile is another file: it was written there after this one was moved. */
    private void deleteCopied(long workspaceId, Blob copied) {
        if (tree.file(workspaceId, copied.path()).map(Blob::etag).equals(Optional.of(copied.etag()))) {
            tree.keepParent(workspaceId, copied.path());
            bucket.delete(List.of(bucket.key(workspaceId, copied.path())));
        }
    }

    /** Whether what is at a place came there by an earlier attempt at the same. */
    private boolean carries(long workspaceId, BlobPath path, String mark) {
        return bucket.bears(bucket.key(workspaceId, path), mark)
                || bucket.list(bucket.folderKey(workspaceId, path), null, 1, false).contents().stream()
                        .anyMatch(object -> bucket.bears(object.key(), mark));
    }

    /** All of it is there before the first of the old goes: broken off, it can be gone on with. */
    private void moveFolder(long workspaceId, BlobPath from, BlobPath to, String mark) {
        if (tree.find(workspaceId, to).isPresent() && !carries(workspaceId, to, mark)) {
            throw BlobErrors.taken(to);
        }
        tree.requireFolders(workspaceId, to.parent());
        String source = bucket.folderKey(workspaceId, from);
        String target = bucket.folderKey(workspaceId, to);
        Map<String, String> copied = new HashMap<>();
        bucket.each(
                source,
                page -> page.forEach(object -> {
                    bucket.copy(object.key(), target + object.key().substring(source.length()), mark);
                    copied.put(object.key(), object.eTag());
                }));
        tree.keepParent(workspaceId, from);
        // What was written there meanwhile was not copied: it stays, and the old folder with it.
        bucket.each(
                source,
                page -> bucket.delete(page.stream()
                        .filter(object -> object.eTag().equals(copied.get(object.key())))
                        .map(S3Object::key)
                        .toList()));
    }

    private void copyFile(long workspaceId, Blob source, BlobPath to, Expected expected, String mark) {
        tree.requireFolders(workspaceId, to.parent());
        if (tree.folder(workspaceId, to).isPresent()) {
            throw expected instanceof Expected.Nothing ? BlobErrors.taken(to) : BlobErrors.isFolder(to);
        }
        String key = bucket.key(workspaceId, source.path());
        String target = bucket.key(workspaceId, to);
        if (!(expected instanceof Expected.Nothing)) {
            bucket.copy(key, target, mark);
        } else if (!new S3Copy(client, bucket, key, target, mark).run(source.size())) {
            throw BlobErrors.taken(to);
        }
    }
}
