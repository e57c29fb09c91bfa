package io.campanile.cli.files;

import io.campanile.cli.exit.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which uploads were begun, so that the next command goes on with them: a file each, the id in it. */
final class UploadNotes {
    private final Path folder;

    UploadNotes(Path folder) {
        this.folder = folder;
    }

    Optional<String> find(String fingerprint) {
        try {
            Path note = folder.resolve(fingerprint);
            return Files.exists(note) ? Optional.of(Files.readString(note).strip()) : Optional.empty();
        } catch (IOException e) {
            throw CliFailure.io("The note of an upload cannot be read", e);
        }
    }

    void write(String fingerprint, String id) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(fingerprint), id);
        } catch (IOException e) {
            throw CliFailure.io("The note of an upload cannot be written", e);
        }
    }

    void forget(String fingerprint) {
        try {
            Files.deleteIfExists(folder.resolve(fingerprint));
        } catch (IOException e) {
            throw CliFailure.io("The note of an upload cannot be deleted", e);
        }
    }
}
