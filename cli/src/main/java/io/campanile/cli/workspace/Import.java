package io.campanile.cli.workspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files of this machine into the workspace. */
final class Import {
    private final Session session;
    private final WorkspaceApi api;
    private final Wish wish;
    private int sent;

    /** What the person said about them. */
    record Wish(@Nullable String format, @Nullable String language, boolean overwrite) {}

    Import(Session session, WorkspaceApi api, Wish wish) {
        this.session = session;
        this.api = api;
        this.wish = wish;
    }

    int run(Path file, String typed) {
        if (!Files.exists(file)) {
            throw CliFailure.failed(file + " does not exist.");
        }
        String path = WorkspaceApi.absolute(typed);
        boolean folder = Files.isDirectory(file);
        boolean into = typed.endsWith("/")
                || api.find(path).filter(WorkspaceApi::isFolder).isPresent();
        if (folder) {
            // The folder's content becomes the content of the path, whether that is there or not: it can be repeated.
            WorkspaceCommands.Failures failures = new WorkspaceCommands.Failures(session);
            directory(file, path, failures);
            summary(typed, failures);
            return failures.exitCode();
        }
        if (into) {
            api.makeDirectories(path);
        }
        NotebookFile.Form form = into ? NotebookFile.detect(file) : NotebookFile.named(file, WorkspaceApi.name(path));
        send(file, into ? WorkspaceApi.child(path, form.name()) : path, form);
        session.done(Json.object().put("imported", 1), "Imported " + file + " to " + typed + ".");
        return 0;
    }

    private void directory(Path folder, String path, WorkspaceCommands.Failures failures) {
        try {
            api.makeDirectories(path);
        } catch (CliFailure e) {
            failures.add(path, e);
            return;
        }
        for (Path child : children(folder)) {
            // Links could lead out of the folder, and in circles.
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                directory(child, WorkspaceApi.child(path, child.getFileName().toString()), failures);
            } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                NotebookFile.Form form = NotebookFile.detect(child);
                try {
                    send(child, WorkspaceApi.child(path, form.name()), form);
                } catch (CliFailure e) {
                    failures.add(child.toString(), e);
                }
            } else {
                session.note("Left out " + child + ": it is a link or no file.");
            }
        }
    }

    private void send(Path file, String path, NotebookFile.Form form) {
        ObjectNode fields = Json.object()
                .put("path", path)
                .put(
                        "format",
                        wish.format() == null ? form.format() : wish.format().toUpperCase(Locale.ROOT));
        String language = wish.language() != null
                ? wish.language().toUpperCase(Locale.ROOT)
                : wish.format() != null ? NotebookFile.language(file).orElse("") : form.language();
        if (!language.isEmpty()) {
            fields.put("language", language);
        }
        fields.put("overwrite", wish.overwrite());
        api.importFile(fields, file);
        sent++;
    }

    private void summary(String typed, WorkspaceCommands.Failures failures) {
        session.done(
                Json.object().put("imported", sent).put("failed", failures.count()),
                "Imported " + sent + (sent == 1 ? " file" : " files") + " to " + typed
                        + (failures.count() == 0 ? "." : "; " + failures.count() + " failed."));
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw CliFailure.io("The folder cannot be read", e);
        }
    }
}
