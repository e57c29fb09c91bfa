package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Receiving;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Contents that arrive in parts, one after the other. What was acknowledged is on the disk and stays through any crash;
 * the file appears, whole, when the last part is there and its owner says so.
 */
public final class UploadService {
    private static final int MOST_OF_A_PERSON = 200;

    private final UploadStore store;
    private final FileService files;
    private final Staging staging;
    private final Clock clock;
    private final Duration life;
    private final long limit;
    /** Those a request is writing to: a second one would write between its bytes. */
    private final Set<Long> claimed = ConcurrentHashMap.newKeySet();

    /**
     * @param life how long one is kept that nobody adds to
     * @param limit bytes of a file
     */
    public UploadService(
            UploadStore store, FileService files, Staging staging, Clock clock, Duration life, long limit) {
        this.store = requireNonNull(store, "store");
        this.files = requireNonNull(files, "files");
        this.staging = requireNonNull(staging, "staging");
        this.clock = requireNonNull(clock, "clock");
        this.life = requireNonNull(life, "life");
        this.limit = limit;
    }

    /** An upload that this request alone writes to until {@link #release}. */
    record Claim(Upload upload, Path content, long room) {}

    public Upload begin(Caller caller, Upload.Kind kind, BlobPath path, Expected expected, @Nullable Long size) {
        if (size != null && (size < 0 || size > limit)) {
            throw ApiException.invalid("size must be between 0 and " + limit);
        }
        files.requirePlace(caller, path, expected);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return store.insert(caller, kind, path, expected, size, now, now.plus(life), MOST_OF_A_PERSON)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.REQUEST_LIMIT_EXCEEDED,
                        "You have " + MOST_OF_A_PERSON + " unfinished uploads; complete or abort some"));
    }

    Upload get(Caller caller, Upload.Kind kind, long uploadId) {
        return store.find(caller, kind, uploadId)
                .orElseThrow(() -> ApiException.notFound(
                        (kind == Upload.Kind.DBFS ? "Handle " : "Upload ") + uploadId + " does not exist"));
    }

    /** Adds bytes at the end. */
    public void append(Caller caller, Upload.Kind kind, long uploadId, byte[] bytes) {
        Claim claim = claim(caller, kind, uploadId);
        try {
            if (bytes.length > claim.room()) {
                throw Receiving.tooLarge(limit);
            }
            BlobErrors.guard(() -> write(claim, bytes));
            store.received(claim.upload(), claim.upload().received() + bytes.length, expiry());
        } finally {
            release(claim);
        }
    }

    private static boolean write(Claim claim, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(claim.content(), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            // What a crash left behind the last acknowledged byte was never promised.
            channel.truncate(claim.upload().received());
            channel.position(claim.upload().received());
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(false);
        }
        return true;
    }

    /** For a part that is to begin at {@code offset}, which must be where the last one ended. */
    Claim claimAt(Caller caller, long uploadId, long offset) {
        Claim claim = claim(caller, Upload.Kind.SESSION, uploadId);
        long received = claim.upload().received();
        if (received != offset) {
            release(claim);
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "The next part begins at " + received + ", not at " + offset,
                    List.of(Map.of("received", received)),
                    null);
        }
        try {
            // Also before a part that is refused unread: what lies beyond would be counted as having come.
            BlobErrors.guard(() -> write(claim, new byte[0]));
            return claim;
        } catch (RuntimeException e) {
            release(claim);
            throw e;
        }
    }

    private Claim claim(Caller caller, Upload.Kind kind, long uploadId) {
        get(caller, kind, uploadId);
        if (!claimed.add(uploadId)) {
            throw new ApiException(ErrorCode.RESOURCE_CONFLICT, "Another request is writing to upload " + uploadId);
        }
        try {
            // Again: what was read before the claim may be of before somebody else's.
            Upload upload = get(caller, kind, uploadId);
            long whole = upload.size() == null ? limit : upload.size();
            return new Claim(upload, staging.kept(upload.stagedName()), whole - upload.received());
        } catch (RuntimeException e) {
            claimed.remove(uploadId);
            throw e;
        }
    }

    /** Acknowledges what has come of a part, all of it or what did before it broke off, and releases the claim. */
    Upload partEnded(Caller caller, Claim claim) {
        try {
            long size = BlobErrors.guard(() -> Files.exists(claim.content()) ? Files.size(claim.content()) : 0);
            long received = Math.min(size, claim.upload().received() + claim.room());
            store.received(claim.upload(), received, expiry());
            return get(caller, claim.upload().kind(), claim.upload().uploadId());
        } finally {
            release(claim);
        }
    }

    private void release(Claim claim) {
        claimed.remove(claim.upload().uploadId());
    }

    /** Makes it the file it was begun for. Asked again after a crash, it finds what it had done. */
    public Blob complete(Caller caller, Upload.Kind kind, long uploadId) {
        Claim claim = claim(caller, kind, uploadId);
        try {
            Upload upload = claim.upload();
            if (upload.size() != null && upload.size() != upload.received()) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        upload.received() + " of " + upload.size() + " bytes have arrived",
                        List.of(Map.of("received", upload.received())),
                        null);
            }
            if (!Files.exists(claim.content()) && upload.received() > 0) {
                // It went to its place, and the crash came before that was written down.
                Blob placed = files.stat(caller, upload.path());
                store.forget(upload);
                return placed;
            }
            BlobErrors.guard(() -> write(claim, new byte[0]));
            return files.place(
                    caller,
                    upload.path(),
                    claim.content(),
                    upload.expected(),
                    upload.stagedName(),
                    tx -> UploadStore.remove(tx, upload));
        } finally {
            release(claim);
        }
    }

    void abort(Caller caller, Upload.Kind kind, long uploadId) {
        Claim claim = claim(caller, kind, uploadId);
        try {
            store.abort(caller, claim.upload());
            BlobErrors.guard(() -> Files.deleteIfExists(claim.content()));
        } finally {
            release(claim);
        }
    }

    /** Before anything arrives: deletes what a crash left that no row knows of. */
    public void recover() {
        Set<String> known = store.stagedNames();
        BlobErrors.guard(() -> {
            staging.sweep(known::contains);
            return true;
        });
    }

    /** Ends what nobody has come for. */
    public void expire() {
        for (Upload upload : store.expired(clock.instant())) {
            if (claimed.add(upload.uploadId())) {
                try {
                    store.forget(upload);
                    BlobErrors.guard(() -> Files.deleteIfExists(staging.kept(upload.stagedName())));
                } finally {
                    claimed.remove(upload.uploadId());
                }
            }
        }
    }

    private Instant expiry() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(life);
    }
}
