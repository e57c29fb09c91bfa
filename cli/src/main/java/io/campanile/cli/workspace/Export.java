package io.campanile.cli.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** Objects of the workspace as files of this machine. */
final class Export {
    private final Session session;
    private final WorkspaceApi api;
    private final String format;
    private final boolean overwrite;
    private int written;

    Export(Session session, WorkspaceApi api, String format, boolean overwrite) {
        this.session = session;
        this.api = api;
        this.format = format.toUpperCase(Locale.ROOT);
        this.overwrite = overwrite;
    }

    int run(String path, Path target) {
        JsonNode object = api.status(path);
        WorkspaceCommands.Failures failures = new WorkspaceCommands.Failures(session);
        Path said = target;
        if (WorkspaceApi.isFolder(object) && !format.equals("DBC")) {
            directory(object.path("path").asText(), target, failures);
        } else {
            said = Files.isDirectory(target) ? inside(target, NotebookFile.fileName(object, format)) : target;
            write(object, said);
        }
        session.done(
                Json.object().put("exported", written).put("failed", failures.count()),
                "Exported " + written + (written == 1 ? " file" : " files") + " to "
                        + said.toAbsolutePath().normalize()
                        + (failures.count() == 0 ? "." : "; " + failures.count() + " failed."));
        return failures.exitCode();
    }

    private void directory(String path, Path folder, WorkspaceCommands.Failures failures) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw CliFailure.io("The folder cannot be made", e);
        }
        for (JsonNode object : api.list(path).path("objects")) {
            String from = object.path("path").asText();
            try {
                if (WorkspaceApi.isFolder(object)) {
                    directory(from, inside(folder, WorkspaceApi.name(from)), failures);
                } else {
                    write(object, inside(folder, NotebookFile.fileName(object, format)));
                }
            } catch (CliFailure e) {
                failures.add(from, e);
            }
        }
    }

    /** Names come from the server: none of them leads out of the folder. */
    private static Path inside(Path folder, String name) {
        Path child = folder.resolve(name).normalize();
        boolean odd = name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
        if (odd || !folder.normalize().equals(child.getParent() == null ? Path.of("") : child.getParent())) {
            throw CliFailure.failed("'" + name + "' cannot be the name of a file here.");
        }
        return child;
    }

    private void write(JsonNode object, Path file) {
        String path = object.path("path").asText();
        // Formats are for notebooks: a file has one, its own.
        boolean plain = object.path("object_type").asText().equals("FILE");
        if (Files.exists(file) && !overwrite) {
            throw CliFailure.failed(file + " is there already; --overwrite replaces it.");
        }
        Path draft = file.resolveSibling("." + file.getFileName() + ".part");
        try (InputStream content = api.export(path, plain ? "AUTO" : format)) {
            Files.copy(content, draft, StandardCopyOption.REPLACE_EXISTING);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            written++;
        } catch (IOException e) {
            throw CliFailure.io(path + " could not be written", e);
        } finally {
            discard(draft);
        }
    }

    private static void discard(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw CliFailure.io("A half-written file is left", e);
        }
    }
}
