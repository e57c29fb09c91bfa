package io.campanile.notebooks.attachments;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/** Attachments of notebooks: a file by its SHA-256 in the workspace's folder, a row per notebook. Blocking. */
public final class Attachments {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private final AttachmentStore store;
    private final Path blobs;
    private final long limit;
    private final Clock clock;

    public Attachments(Database database, Path dataDir, long limit, Clock clock) {
        this.store = new AttachmentStore(database);
        this.blobs = dataDir.resolve("blobs");
        this.limit = limit;
        this.clock = requireNonNull(clock, "clock");
    }

    /** A stored attachment. */
    record Stored(Path file, MediaType type) {}

    long limit() {
        return limit;
    }

    /** Keeps the bytes, on disk before the row says so; answers the id. */
    String add(Caller caller, long notebookId, byte[] bytes) {
        MediaType type = MediaType.of(bytes)
                .orElseThrow(() -> ApiException.invalid(
                        "An attachment is a PNG, JPEG, GIF, WebP or SVG image; this is none of them"));
        String id = hash(bytes);
        write(folder(caller.workspaceId()).resolve(id), bytes);
        if (!store.insert(caller, notebookId, id, type, bytes.length, clock.instant())) {
            throw ApiException.notFound("Notebook " + notebookId + " does not exist");
        }
        return id;
    }

    Stored find(Caller caller, long notebookId, String id) {
        ApiException absent = new ApiException(ErrorCode.RESOURCE_DOES_NOT_EXIST, "There is no such attachment");
        if (!ID.matcher(id).matches()) {
            throw absent;
        }
        MediaType type = store.find(caller.workspaceId(), notebookId, id).orElseThrow(() -> absent);
        return new Stored(folder(caller.workspaceId()).resolve(id), type);
    }

    private Path folder(long workspaceId) {
        return blobs.resolve(Long.toString(workspaceId)).resolve("attachments");
    }

    private static void write(Path target, byte[] bytes) {
        if (Files.exists(target)) {
            return;
        }
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(target.getParent());
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                out.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("An attachment could not be written", e);
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
