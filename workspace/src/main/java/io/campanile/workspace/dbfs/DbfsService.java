package io.campanile.workspace.dbfs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobChangedException;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPage;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import io.campanile.workspace.files.FileService;
import io.campanile.workspace.files.Upload;
import io.campanile.workspace.files.UploadService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of the DBFS API that files themselves have not: sizes of blocks, handles, lists without pages. */
public final class DbfsService {
    static final int BLOCK = 1024 * 1024;
    private static final int PAGE = 1000;
    /** A list has no pages; more than this is not an answer anybody reads. */
    private static final int LONGEST_LIST = 100_000;

    private static final int LOOKS = 4;

    private final FileService files;
    private final UploadService uploads;
    private final Staging staging;

    public DbfsService(FileService files, UploadService uploads, Staging staging) {
        this.files = requireNonNull(files, "files");
        this.uploads = requireNonNull(uploads, "uploads");
        this.staging = requireNonNull(staging, "staging");
    }

    long create(Caller caller, BlobPath path, boolean overwrite) {
        return uploads.begin(caller, Upload.Kind.DBFS, path, expected(overwrite), null)
                .uploadId();
    }

    void addBlock(Caller caller, long handle, String data) {
        uploads.append(caller, Upload.Kind.DBFS, handle, decoded(data, "data"));
    }

    void close(Caller caller, long handle) {
        uploads.complete(caller, Upload.Kind.DBFS, handle);
    }

    void put(Caller caller, BlobPath path, String contents, boolean overwrite) {
        byte[] bytes = decoded(contents, "contents");
        files.requirePlace(caller, path, expected(overwrite));
        Path content = staging.passing();
        BlobErrors.guard(() -> {
            try {
                Files.write(content, bytes);
                return files.place(caller, path, content, expected(overwrite), tx -> {});
            } finally {
                Files.deleteIfExists(content);
            }
        });
    }

    byte[] read(Caller caller, BlobPath path, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw ApiException.invalid("offset and length must not be negative");
        }
        if (length > BLOCK) {
            throw new ApiException(
                    ErrorCode.MAX_READ_SIZE_EXCEEDED, "length must be at most " + BLOCK + " bytes: " + length);
        }
        for (int look = 1; ; look++) {
            Blob blob = files.stat(caller, path);
            if (blob.folder()) {
                throw ApiException.invalid("The path " + path + " is a folder, not a file");
            }
            long left = Math.max(0, Math.min(length, blob.size() - offset));
            if (left == 0) {
                return new byte[0];
            }
            try (InputStream in = files.read(caller, blob, offset, left)) {
                return in.readNBytes((int) left);
            } catch (BlobChangedException e) {
                if (look == LOOKS) {
                    throw BlobErrors.translate(e);
                }
            } catch (IOException e) {
                throw BlobErrors.translate(e);
            }
        }
    }

    /** What is in a folder; of a file, itself. */
    List<Blob> list(Caller caller, BlobPath path) {
        Blob there = files.stat(caller, path);
        if (!there.folder()) {
            return List.of(there);
        }
        List<Blob> all = new ArrayList<>();
        @Nullable String next = null;
        do {
            BlobPage page = files.list(caller, path, next, PAGE);
            all.addAll(page.entries());
            if (all.size() > LONGEST_LIST) {
                throw ApiException.invalid("The folder " + path + " has more than " + LONGEST_LIST
                        + " entries; list it through the Files API, which has pages");
            }
            next = page.next();
        } while (next != null);
        return all;
    }

    Blob status(Caller caller, BlobPath path) {
        return files.stat(caller, path);
    }

    void makeFolders(Caller caller, BlobPath path) {
        files.makeFolders(caller, path);
    }

    void move(Caller caller, BlobPath from, BlobPath to) {
        files.move(caller, from, to);
    }

    void delete(Caller caller, BlobPath path, boolean recursive) {
        if (files.stat(caller, path).folder()) {
            files.deleteFolder(caller, path, recursive);
        } else {
            files.deleteFile(caller, path, Expected.ANYTHING);
        }
    }

    private static Expected expected(boolean overwrite) {
        return overwrite ? Expected.ANYTHING : Expected.NOTHING;
    }

    private static byte[] decoded(String base64, String field) {
        if (base64.length() > (BLOCK + 2) / 3 * 4 + BLOCK / 16) {
            throw tooLarge(field);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.replace("\n", "").replace("\r", ""));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(field + " is not base64: " + e.getMessage());
        }
        if (bytes.length > BLOCK) {
            throw tooLarge(field);
        }
        return bytes;
    }

    private static ApiException tooLarge(String field) {
        return new ApiException(
                ErrorCode.MAX_BLOCK_SIZE_EXCEEDED, field + " has more than " + BLOCK + " bytes of content");
    }
}
