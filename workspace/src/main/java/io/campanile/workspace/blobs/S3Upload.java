package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One file on its way into a bucket: in one piece when it is small, else in parts, of which one is in memory. */
final class S3Upload {
    private static final long PART = 8L * 1024 * 1024;
    private static final int MOST_PARTS = 10_000;
    static final String MARK = "campanile-upload";
    /** Nothing has another one, and other characters are none of a header's. */
    private static final Pattern TAG = Pattern.compile("[!#-~]{1,1024}");

    private final S3Client client;
    private final S3Bucket bucket;
    private final String key;
    private final BlobPath path;
    private final Path content;
    private final String mark;
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String uploadId;

    /** {@code mark}: stays with the object, and tells it from everybody else's. */
    S3Upload(S3Client client, S3Bucket bucket, String key, BlobPath path, Path content, String mark) {
        this.client = requireNonNull(client, "client");
        this.bucket = requireNonNull(bucket, "bucket");
        this.key = requireNonNull(key, "key");
        this.path = requireNonNull(path, "path");
        this.content = requireNonNull(content, "content");
        this.mark = requireNonNull(mark, "mark");
    }

    /** Sends the parts of what needs parts. */
    void send() throws IOException {
        long size = Files.size(content);
        if (size <= PART) {
            return;
        }
        String id = client.createMultipartUpload(
                        create -> create.bucket(bucket.name()).key(key).metadata(Map.of(MARK, mark)))
                .uploadId();
        uploadId = id;
        int length = (int) Math.max(PART, size / (MOST_PARTS - 1) + 1);
        try (InputStream in = Files.newInputStream(content)) {
            for (byte[] part = in.readNBytes(length); part.length > 0; part = in.readNBytes(length)) {
                int number = parts.size() + 1;
                byte[] bytes = part;
                String etag = client.uploadPart(
                                upload -> upload.bucket(bucket.name())
                                        .key(key)
                                        .uploadId(id)
                                        .partNumber(number),
                                RequestBody.fromBytes(bytes))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            }
        } catch (SdkException | IOException e) {
            abort();
            throw e;
        }
    }

    /** Makes the object appear, if what is there is what is expected. */
    void complete(Expected expected) {
        if (expected instanceof Expected.Tagged asked
                && !TAG.matcher(asked.etag()).matches()) {
            throw BlobErrors.changed(path);
        }
        @Nullable String absent = expected instanceof Expected.Nothing ? "*" : null;
        @Nullable String etag = expected instanceof Expected.Tagged tagged ? "\"" + tagged.etag() + "\"" : null;
        try {
            String id = uploadId;
            if (id == null) {
                client.putObject(
                        put -> put.bucket(bucket.name())
                                .key(key)
                                .metadata(Map.of(MARK, mark))
                                .ifNoneMatch(absent)
                                .ifMatch(etag),
                        RequestBody.fromFile(content));
                return;
            }
            client.completeMultipartUpload(complete -> complete.bucket(bucket.name())
                    .key(key)
                    .uploadId(id)
                    .ifNoneMatch(absent)
                    .ifMatch(etag)
                    .multipartUpload(all -> all.parts(parts)));
            uploadId = null;
        } catch (S3Exception e) {
            // 404: If-Match where nothing is, or parts that are an object already; 409: somebody is faster at this
            // moment.
            boolean refused = e.statusCode() == 412 || e.statusCode() == 409;
            if ((refused || e.statusCode() == 404) && isThere()) {
                uploadId = null;
                return;
            }
            if (refused && absent != null) {
                throw BlobErrors.taken(path);
            }
            if ((refused || e.statusCode() == 404) && etag != null) {
                throw BlobErrors.changed(path);
            }
            throw e;
        }
    }

    /**
     * Whether what is there is this very upload: the client asks again when an answer is lost, and a condition that held
     * the first time is then broken by the upload itself.
     */
    private boolean isThere() {
        return bucket.bears(key, mark);
    }

    /** Drops the parts; a bucket keeps, and charges for, what nobody drops. */
    void abort() {
        String id = uploadId;
        if (id != null) {
            uploadId = null;
            client.abortMultipartUpload(
                    abort -> abort.bucket(bucket.name()).key(key).uploadId(id));
        }
    }
}
