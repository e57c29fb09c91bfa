package io.campanile.libraries;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.ArtifactTransferException;
import org.eclipse.aether.transfer.ChecksumFailureException;

/** Why a library could not be fetched, in words for whoever asked for it. */
final class Reasons {
    private static final int LONGEST = 800;

    private Reasons() {}

    static String of(Throwable failure) {
        String words = words(failure);
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
    }

    private static String words(Throwable failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "There is no file " + missing.getFile();
        }
        if (failure instanceof AccessDeniedException refused) {
            return "The cluster's owner may not read " + refused.getFile();
        }
        Throwable told = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TooLargeException || cause instanceof ChecksumFailureException) {
                told = cause;
                break;
            }
            if (cause instanceof ArtifactNotFoundException || cause instanceof ArtifactTransferException) {
                told = cause;
            }
        }
        String message = told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
        if (told instanceof ChecksumFailureException && failure.getMessage() != null && told != failure) {
            return failure.getMessage();
        }
        return message;
    }
}
