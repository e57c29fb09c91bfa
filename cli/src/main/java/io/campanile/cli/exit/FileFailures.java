package io.campanile.cli.exit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Exceptions of files have the path for a message, and the reason in their name. */
final class FileFailures {
    private FileFailures() {}

    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + " does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + " may not be read or written by you";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is there already";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return e.getMessage() + " is a folder with files in it";
        }
        if (e instanceof FileSystemException special && special.getReason() != null) {
            return special.getFile() + ": " + special.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
