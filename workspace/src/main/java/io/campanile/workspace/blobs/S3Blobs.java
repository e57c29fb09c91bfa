package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Files as objects {@code <prefix><workspace id>/...} of a bucket. A folder is an object whose key ends with a slash, or
 * whatever has keys below it. Moving a folder copies its objects one by one: others may see it half moved.
 */
public final class S3Blobs implements BlobStore {
    private final S3Client client;
    private final S3Bucket bucket;

    public S3Blobs(S3Settings settings) {
        this.client = requireNonNull(settings, "settings").client();
        this.bucket = new S3Bucket(client, settings.bucket(), settings.prefix());
    }

    @Override
    public Optional<Blob> find(long workspaceId, BlobPath path) throws IOException {
        return S3Bucket.guard(() -> {
            if (!path.isRoot()) {
                Optional<Blob> file = file(workspaceId, path);
                if (file.isPresent()) {
                    return file;
                }
            }
            return folder(workspaceId, path);
        });
    }

    private Optional<Blob> file(long workspaceId, BlobPath path) {
        return bucket.head(bucket.key(workspaceId, path))
                .map(head -> new Blob(
                        path, false, head.contentLength(), head.lastModified(), S3Bucket.unquoted(head.eTag())));
    }

    private Optional<Blob> folder(long workspaceId, BlobPath path) {
        ListObjectsV2Response below = bucket.list(bucket.folderKey(workspaceId, path), null, 1, false);
        if (below.contents().isEmpty() && !path.isRoot()) {
            return Optional.empty();
        }
        Instant modified = below.contents().isEmpty()
                ? Instant.EPOCH
                : below.contents().get(0).lastModified();
        return Optional.of(new Blob(path, true, 0, modified, ""));
    }

    @Override
    public BlobPage list(long workspaceId, BlobPath folder, @Nullable String after, int limit) throws IOException {
        return S3Bucket.guard(() -> {
            String prefix = bucket.folderKey(workspaceId, folder);
            ListObjectsV2Response found = page(prefix, after, Math.min(limit, S3Bucket.BATCH));
            List<Blob> entries = new ArrayList<>();
            found.commonPrefixes().forEach(common -> {
                String name = common.prefix()
                        .substring(prefix.length(), common.prefix().length() - 1);
                if (BlobPath.isName(name)) {
                    entries.add(new Blob(folder.child(name), true, 0, Instant.EPOCH, ""));
                }
            });
            found.contents().forEach(object -> {
                String name = object.key().substring(prefix.length());
                if (BlobPath.isName(name)) {
                    entries.add(new Blob(
                            folder.child(name),
                            false,
                            object.size(),
                            object.lastModified(),
                            S3Bucket.unquoted(object.eTag())));
                }
            });
            entries.sort(
                    (one, other) -> one.path().name().compareTo(other.path().name()));
            return new BlobPage(entries, found.nextContinuationToken());
        });
    }

    /** Where to go on is a text of the bucket's own, which anybody may have sent instead. */
    private ListObjectsV2Response page(String prefix, @Nullable String after, int limit) {
        if (after != null && after.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid("page_token is not one of this folder");
        }
        try {
            return bucket.list(prefix, after, limit, true);
        } catch (S3Exception e) {
            if (after != null && e.statusCode() == 400) {
                throw ApiException.invalid("page_token is not one of this folder");
            }
            throw e;
        }
    }

    @Override
    public InputStream read(long workspaceId, Blob blob, long from, long length) throws IOException {
        if (length == 0) {
            return InputStream.nullInputStream();
        }
        try {
            return client.getObject(get -> get.bucket(bucket.name())
                    .key(bucket.key(workspaceId, blob.path()))
                    .ifMatch("\"" + blob.etag() + "\"")
                    .range("bytes=" + from + "-" + (from + length - 1)));
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 404) {
                throw new BlobChangedException(blob.path());
            }
            throw new IOException("The bucket answered " + e.statusCode(), e);
        }
    }

    @Override
    public Placing prepare(long workspaceId, BlobPath path, Path content, String mark) throws IOException {
        return S3Bucket.guard(() -> {
            requireFolders(workspaceId, path.parent());
            if (folder(workspaceId, path).isPresent()) {
                throw BlobErrors.isFolder(path);
            }
            S3Upload upload = new S3Upload(client, bucket, bucket.key(workspaceId, path), path, content, mark);
            upload.send();
            return new Placing() {
                @Override
                public Blob commit(Expected expected) throws IOException {
                    Blob placed = S3Bucket.guard(() -> {
                        upload.complete(expected);
                        return file(workspaceId, path).orElseThrow(() -> BlobErrors.missing(path));
                    });
                    Files.deleteIfExists(content);
                    return placed;
                }

                @Override
                public void abort() {
                    upload.abort();
                }
            };
        });
    }

    /** A bucket has room for a file and for files below it under the same name; paths have not. */
    private void requireFolders(long workspaceId, BlobPath path) {
        for (BlobPath above = path; !above.isRoot(); above = above.parent()) {
            if (file(workspaceId, above).isPresent()) {
                throw BlobErrors.isFile(above);
            }
        }
    }

    @Override
    public void makeFolders(long workspaceId, BlobPath path) throws IOException {
        S3Bucket.guard(() -> {
            if (!path.isRoot() && file(workspaceId, path).isPresent()) {
                throw BlobErrors.taken(path);
            }
            requireFolders(workspaceId, path.parent());
            for (BlobPath above = path; !above.isRoot(); above = above.parent()) {
                bucket.mark(bucket.folderKey(workspaceId, above));
            }
            return true;
        });
    }

    @Override
    public boolean deleteFile(long workspaceId, BlobPath path, Expected expected) throws IOException {
        return S3Bucket.guard(() -> {
            Optional<Blob> there = find(workspaceId, path);
            if (expected instanceof Expected.Tagged tagged
                    && there.map(Blob::etag).filter(tagged.etag()::equals).isEmpty()) {
                throw BlobErrors.changed(path);
            }
            if (there.isEmpty()) {
                return false;
            }
            if (there.get().folder()) {
                throw BlobErrors.isFolder(path);
            }
            keepParent(workspaceId, path);
            bucket.delete(List.of(object(bucket.key(workspaceId, path))));
            return true;
        });
    }

    /** A folder does not go with the last thing in it. */
    private void keepParent(long workspaceId, BlobPath path) {
        if (!path.parent().isRoot()) {
            bucket.mark(bucket.folderKey(workspaceId, path.parent()));
        }
    }

    @Override
    public void deleteFolder(long workspaceId, BlobPath path, boolean recursive) throws IOException {
        S3Bucket.guard(() -> {
            String prefix = bucket.folderKey(workspaceId, path);
            if (!recursive) {
                boolean occupied = bucket.list(prefix, null, 2, false).contents().stream()
                        .anyMatch(object -> !object.key().equals(prefix));
                if (occupied) {
                    throw BlobErrors.notEmpty(path);
                }
            }
            keepParent(workspaceId, path);
            bucket.each(
                    prefix,
                    page -> bucket.delete(
                            page.stream().map(object -> object(object.key())).toList()));
            return true;
        });
    }

    @Override
    public Optional<Blob> marked(long workspaceId, BlobPath path, String mark) throws IOException {
        return S3Bucket.guard(
                () -> bucket.bears(bucket.key(workspaceId, path), mark) ? file(workspaceId, path) : Optional.empty());
    }

    @Override
    public void move(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        S3Bucket.guard(() -> {
            Optional<Blob> source = find(workspaceId, from);
            if (source.isEmpty() && !carries(workspaceId, to, mark)) {
                throw BlobErrors.missing(from);
            }
            if (source.isEmpty()) {
                return true;
            }
            if (source.get().folder()) {
                moveFolder(workspaceId, from, to, mark);
            } else {
                copyFile(workspaceId, source.get(), to, expected, mark);
                deleteCopied(workspaceId, source.get());
            }
            return true;
        });
    }

    /** What came to the old place meanwhile is another file: it was written there after this one was moved. */
    private void deleteCopied(long workspaceId, Blob copied) {
        if (file(workspaceId, copied.path()).map(Blob::etag).equals(Optional.of(copied.etag()))) {
            keepParent(workspaceId, copied.path());
            bucket.delete(List.of(object(bucket.key(workspaceId, copied.path()))));
        }
    }

    /** Whether what is at a place came there by an earlier attempt at the same. */
    private boolean carries(long workspaceId, BlobPath path, String mark) {
        return bucket.bears(bucket.key(workspaceId, path), mark)
                || bucket.list(bucket.folderKey(workspaceId, path), null, 1, false).contents().stream()
                        .anyMatch(object -> bucket.bears(object.key(), mark));
    }

    /** All of it is there before the first of the old goes: broken off, it can be gone on with. */
    private void moveFolder(long workspaceId, BlobPath from, BlobPath to, String mark) throws IOException {
        if (find(workspaceId, to).isPresent() && !carries(workspaceId, to, mark)) {
            throw BlobErrors.taken(to);
        }
        requireFolders(workspaceId, to.parent());
        String source = bucket.folderKey(workspaceId, from);
        String target = bucket.folderKey(workspaceId, to);
        Map<String, String> copied = new HashMap<>();
        bucket.each(
                source,
                page -> page.forEach(object -> {
                    bucket.copy(object.key(), target + object.key().substring(source.length()), mark);
                    copied.put(object.key(), object.eTag());
                }));
        keepParent(workspaceId, from);
        // What was written there meanwhile was not copied: it stays, and the old folder with it.
        bucket.each(
                source,
                page -> bucket.delete(page.stream()
                        .filter(object -> object.eTag().equals(copied.get(object.key())))
                        .map(object -> object(object.key()))
                        .toList()));
    }

    @Override
    public void copy(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        S3Bucket.guard(() -> {
            Blob source = find(workspaceId, from).orElseThrow(() -> BlobErrors.missing(from));
            if (source.folder()) {
                throw BlobErrors.isFolder(from);
            }
            copyFile(workspaceId, source, to, expected, mark);
            return true;
        });
    }

    private void copyFile(long workspaceId, Blob source, BlobPath to, Expected expected, String mark) {
        requireFolders(workspaceId, to.parent());
        if (folder(workspaceId, to).isPresent()) {
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

    @Override
    public boolean visibleToNodes() {
        return false;
    }

    @Override
    public void close() {
        client.close();
    }

    private static ObjectIdentifier object(String key) {
        return ObjectIdentifier.builder().key(key).build();
    }
}
