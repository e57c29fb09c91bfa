package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files as objects {@code <prefix><workspace id>/...} of a bucket. What is where, {@link S3Tree} says; what goes from one
 * place to another, {@link S3Moves} does.
 */
public final class S3Blobs implements BlobStore {
    private final S3Client client;
    private final S3Bucket bucket;
    private final S3Tree tree;
    private final S3Moves moves;

    public S3Blobs(S3Settings settings) {
        this.client = requireNonNull(settings, "settings").client();
        this.bucket = new S3Bucket(client, settings.bucket(), settings.prefix());
        this.tree = new S3Tree(bucket);
        this.moves = new S3Moves(client, bucket, tree);
    }

    @Override
    public Optional<Blob> find(long workspaceId, BlobPath path) throws IOException {
        return S3Bucket.guard(() -> tree.find(workspaceId, path));
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
            tree.requireFolders(workspaceId, path.parent());
            if (tree.folder(workspaceId, path).isPresent()) {
                throw BlobErrors.isFolder(path);
            }
            S3Upload upload = new S3Upload(client, bucket, bucket.key(workspaceId, path), path, content, mark);
            upload.send();
            return new Placing() {
                @Override
                public Blob commit(Expected expected) throws IOException {
                    Blob placed = S3Bucket.guard(() -> {
                        upload.complete(expected);
                        return tree.file(workspaceId, path).orElseThrow(() -> BlobErrors.missing(path));
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

    @Override
    public void makeFolders(long workspaceId, BlobPath path) throws IOException {
        S3Bucket.guard(() -> {
            if (!path.isRoot() && tree.file(workspaceId, path).isPresent()) {
                throw BlobErrors.taken(path);
            }
            tree.requireFolders(workspaceId, path.parent());
            for (BlobPath above = path; !above.isRoot(); above = above.parent()) {
                bucket.mark(bucket.folderKey(workspaceId, above));
            }
            return true;
        });
    }

    @Override
    public boolean deleteFile(long workspaceId, BlobPath path, Expected expected) throws IOException {
        return S3Bucket.guard(() -> {
            Optional<Blob> there = tree.find(workspaceId, path);
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
            tree.keepParent(workspaceId, path);
            bucket.delete(List.of(bucket.key(workspaceId, path)));
            return true;
        });
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
            tree.keepParent(workspaceId, path);
            bucket.each(
                    prefix,
                    page -> bucket.delete(page.stream().map(S3Object::key).toList()));
            return true;
        });
    }

    @Override
    public Optional<Blob> marked(long workspaceId, BlobPath path, String mark) throws IOException {
        return S3Bucket.guard(() ->
                bucket.bears(bucket.key(workspaceId, path), mark) ? tree.file(workspaceId, path) : Optional.empty());
    }

    @Override
    public void move(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        S3Bucket.guard(() -> {
            moves.move(workspaceId, from, to, expected, mark);
            return true;
        });
    }

    @Override
    public void copy(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        S3Bucket.guard(() -> {
            moves.copy(workspaceId, from, to, expected, mark);
            return true;
        });
    }

    @Override
    public boolean visibleToNodes() {
        return false;
    }

    @Override
    public void close() {
        client.close();
    }
}
