package io.campanile.workspace.blobs;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What failures of the storage mean to a caller. */
public final class BlobErrors {
    private BlobErrors() {}

    /** Work on the storage. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Runs {@code work}; a failure of the storage becomes one the caller should see. */
    public static <T> T guard(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw translate(e);
        }
    }

    public static ApiException translate(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return unavailable("The disk where files are kept is full", failure);
        }
        if (failure instanceof BlobChangedException) {
            return new ApiException(
                    ErrorCode.RESOURCE_CONFLICT, "The file is being replaced again and again; try again", failure);
        }
        return unavailable("The storage of files does not answer as it should; try again", failure);
    }

    static ApiException taken(BlobPath path) {
        return new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "The path " + path + " already exists");
    }

    static ApiException changed(BlobPath path) {
        return new ApiException(
                ErrorCode.PRECONDITION_FAILED, "The file " + path + " is not the one that was expected");
    }

    static ApiException isFolder(BlobPath path) {
        return ApiException.invalid("The path " + path + " is a folder, not a file");
    }

    static ApiException isFile(BlobPath path) {
        return ApiException.invalid("The path " + path + " is a file, not a folder");
    }

    static ApiException notEmpty(BlobPath path) {
        return new ApiException(ErrorCode.DIRECTORY_NOT_EMPTY, "The folder " + path + " is not empty");
    }

    public static ApiException missing(BlobPath path) {
        return ApiException.notFound("No file or folder exists on path " + path);
    }

    private static ApiException unavailable(String message, Throwable cause) {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE, message, List.of(Map.of("retry_after_seconds", 10)), cause);
    }
}
