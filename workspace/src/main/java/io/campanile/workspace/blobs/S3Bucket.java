package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The calls that are made of a bucket, and the keys of paths in it. */
final class S3Bucket {
    /** What a bucket lists, and deletes, at once. */
    static final int BATCH = 1000;

    private final S3Client client;
    private final String name;
    private final String prefix;

    S3Bucket(S3Client client, String name, String prefix) {
        this.client = requireNonNull(client, "client");
        this.name = requireNonNull(name, "name");
        this.prefix = requireNonNull(prefix, "prefix");
    }

    String name() {
        return name;
    }

    String key(long workspaceId, BlobPath path) {
        return prefix + workspaceId + path;
    }

    String folderKey(long workspaceId, BlobPath path) {
        return path.isRoot() ? prefix + workspaceId + "/" : key(workspaceId, path) + "/";
    }

    Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(client.headObject(head -> head.bucket(name).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** {@code byFolder}: keys below a further slash appear once, as what they have in common. */
    ListObjectsV2Response list(String below, @Nullable String token, int limit, boolean byFolder) {
        return client.listObjectsV2(list -> {
            list.bucket(name).prefix(below).maxKeys(limit);
            if (token != null) {
                list.continuationToken(token);
            }
            if (byFolder) {
                list.delimiter("/");
            }
        });
    }

    /** All objects below, page by page. */
    void each(String below, Consumer<List<S3Object>> reader) {
        @Nullable String next = null;
        do {
            ListObjectsV2Response page = list(below, next, BATCH, false);
            reader.accept(page.contents());
            next = page.nextContinuationToken();
        } while (next != null);
    }

    /** Makes the object that stands for a folder. */
    void mark(String folderKey) {
        client.putObject(put -> put.bucket(name).key(folderKey), RequestBody.empty());
    }

    void delete(List<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        List<S3Error> errors = client.deleteObjects(
                        delete -> delete.bucket(name).delete(what -> what.objects(objects)))
                .errors();
        // The request as a whole succeeds also where some of it did not.
        if (!errors.isEmpty()) {
            throw SdkClientException.create("The bucket did not delete " + errors.size() + " objects: "
                    + errors.get(0).message());
        }
    }

    /** Whether an object was put there under this mark. */
    boolean bears(String key, String mark) {
        return head(key)
                .filter(head -> mark.equals(head.metadata().get(S3Upload.MARK)))
                .isPresent();
    }

    /** Copies an object within the bucket, over whatever is there. */
    void copy(String from, String to, String mark) {
        client.copyObject(copy -> copy.sourceBucket(name)
                .sourceKey(from)
                .destinationBucket(name)
                .destinationKey(to)
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of(S3Upload.MARK, mark)));
    }

    /** The client's failures are unchecked; here they are failures of the storage. */
    static <T> T guard(BlobErrors.Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (SdkException e) {
            throw new IOException("The bucket does not answer as it should: " + e.getMessage(), e);
        }
    }

    static String unquoted(String etag) {
        return etag.replace("\"", "");
    }
}
