package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A copy within the bucket to where nothing is, which the bucket decides at the end, as it does of uploads: copies in one
 * request know no such condition everywhere.
 */
final class S3Copy {
    private static final long PART = 256L * 1024 * 1024;

    private final S3Client client;
    private final S3Bucket bucket;
    private final String from;
    private final String to;
    private final String mark;

    S3Copy(S3Client client, S3Bucket bucket, String from, String to, String mark) {
        this.client = requireNonNull(client, "client");
        this.bucket = requireNonNull(bucket, "bucket");
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
        this.mark = requireNonNull(mark, "mark");
    }

    /** False when something else is there. */
    boolean run(long size) {
        return (size == 0 ? empty() : inParts(size)) || bucket.bears(to, mark);
    }

    private boolean empty() {
        return decided(() -> client.putObject(
                put -> put.bucket(bucket.name())
                        .key(to)
                        .metadata(Map.of(S3Upload.MARK, mark))
                        .ifNoneMatch("*"),
                RequestBody.empty()));
    }

    private boolean inParts(long size) {
        String id = client.createMultipartUpload(
                        create -> create.bucket(bucket.name()).key(to).metadata(Map.of(S3Upload.MARK, mark)))
                .uploadId();
        boolean done = false;
        try {
            List<CompletedPart> parts = parts(id, size);
            done = decided(() -> client.completeMultipartUpload(complete -> complete.bucket(bucket.name())
                    .key(to)
                    .uploadId(id)
                    .ifNoneMatch("*")
                    .multipartUpload(all -> all.parts(parts))));
            return done;
        } finally {
            if (!done) {
                abort(id);
            }
        }
    }

    private List<CompletedPart> parts(String id, long size) {
        List<CompletedPart> parts = new ArrayList<>();
        for (long at = 0; at < size; at += PART) {
            String range = "bytes=" + at + "-" + (Math.min(size, at + PART) - 1);
            int number = parts.size() + 1;
            String etag = client.uploadPartCopy(part -> part.sourceBucket(bucket.name())
                            .sourceKey(from)
                            .copySourceRange(range)
                            .destinationBucket(bucket.name())
                            .destinationKey(to)
                            .uploadId(id)
                            .partNumber(number))
                    .copyPartResult()
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        return parts;
    }

    private void abort(String id) {
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(bucket.name()).key(to).uploadId(id));
        } catch (S3Exception e) {
            // 404: it was completed, and the answer to that was lost.
            if (e.statusCode() != 404) {
                throw e;
            }
        }
    }

    /** 412: something is there; 409: somebody is faster at this moment; 404: done by an attempt whose answer was lost. */
    private static boolean decided(Runnable write) {
        try {
            write.run();
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 409 || e.statusCode() == 404) {
                return false;
            }
            throw e;
        }
    }
}
