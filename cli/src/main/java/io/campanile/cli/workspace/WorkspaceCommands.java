package io.campanile.cli.workspace;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile workspace}: folders, notebooks and files of the workspace. */
@Command(name = "workspace", description = "Folders, notebooks and files of the workspace.")
public final class WorkspaceCommands {
    private final Session session;

    public WorkspaceCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "ls", description = "List a folder.")
    int list(
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/", description = "Default: /")
                    String path,
            @Option(names = "-l", description = "With type, language, size and time of the last change.") boolean full,
            @Option(names = "--recursive", description = "Folders within folders too.") boolean recursive) {
        WorkspaceApi api = api();
        ObjectNode answer = Json.object();
        ArrayNode objects = answer.putArray("objects");
        collect(api, path, recursive, objects);
        Table table = full ? new Table("TYPE", "LANGUAGE", "SIZE", "MODIFIED", "PATH") : new Table("PATH");
        for (JsonNode object : objects) {
            String shown = object.path("path").asText() + (WorkspaceApi.isFolder(object) ? "/" : "");
            if (full) {
                table.row(
                        object.path("object_type").asText(),
                        object.path("language").asText(""),
                        object.has("size") ? Show.size(object.path("size").asLong()) : "",
                        Show.time(object.path("modified_at").asLong()),
                        shown);
            } else {
                table.row(shown);
            }
        }
        if (full || session.json()) {
            session.show(answer, table);
        } else {
            table.print(session.terminal().out(), 0, true);
        }
        return 0;
    }

    private static void collect(WorkspaceApi api, String path, boolean recursive, ArrayNode into) {
        for (JsonNode object : api.list(path).path("objects")) {
            into.add(object);
            if (recursive && WorkspaceApi.isFolder(object)) {
                collect(api, object.path("path").asText(), true, into);
            }
        }
    }

    @Command(name = "stat", description = "Show what is known of one object.")
    int stat(@Parameters(paramLabel = "PATH", description = "A folder, notebook or file.") String path) {
        JsonNode object = api().status(path);
        Table table = new Table("FIELD", "VALUE");
        object.properties()
                .forEach(field -> table.row(
                        field.getKey(),
                        field.getKey().endsWith("_at")
                                ? Show.time(field.getValue().asLong())
                                : field.getValue().asText()));
        session.show(object, table);
        return 0;
    }

    @Command(name = "mkdir", description = "Make a folder, with the folders above it. One that is there is kept.")
    int makeDirectory(
            @Parameters(paramLabel = "PATH", arity = "1..*", description = "The folder.") List<String> paths) {
        WorkspaceApi api = api();
        JsonNode answer = Json.object();
        for (String path : paths) {
            answer = api.makeDirectories(path);
        }
        session.done(answer, "Made " + String.join(", ", paths) + ".");
        return 0;
    }

    @Command(
            name = "import",
            description = {
                "Put a file or a folder of this machine into the workspace.",
                "Notebooks are known by their names (.ipynb, .dbc) or by the first line that exports write; of a folder"
                        + " everything below it is sent. A failure does not stop the rest; the exit code says that"
                        + " there was one."
            })
    int importPath(
            @Parameters(paramLabel = "FILE", description = "A file or folder of this machine.") Path file,
            @Parameters(
                            paramLabel = "PATH",
                            description = "Its path in the workspace; one that ends in a slash, or a folder that is"
                                    + " there, takes it in under its own name.")
                    String path,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            description = "AUTO, SOURCE, JUPYTER, HTML, DBC or RAW (default: what the file is).")
                    @Nullable
                    String format,
            @Option(
                            names = "--language",
                            paramLabel = "LANGUAGE",
                            description = "JAVA, SQL, PYTHON, SCALA or R, when the name does not say it.")
                    @Nullable
                    String language,
            @Option(names = "--overwrite", description = "Replace what is there.") boolean overwrite) {
        return new Import(session, api(), new Import.Wish(format, language, overwrite)).run(file, path);
    }

    @Command(name = "export", description = "Get a notebook, a file, or a folder with everything below it.")
    int exportPath(
            @Parameters(paramLabel = "PATH", description = "A folder, notebook or file.") String path,
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            defaultValue = ".",
                            description =
                                    "Where to, on this machine (default: here). A folder takes in a notebook or a file"
                                            + " under its own name, and of a folder what is in it.")
                    Path target,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "SOURCE",
                            description = "Of notebooks: SOURCE, JUPYTER, HTML or DBC (default: SOURCE).")
                    String format,
            @Option(names = "--overwrite", description = "Replace files that are there.") boolean overwrite) {
        return new Export(session, api(), format, overwrite).run(path, target);
    }

    @Command(name = "cat", description = "Print a notebook's source or a file.")
    int print(@Parameters(paramLabel = "PATH", description = "A notebook or file.") String path) {
        WorkspaceApi api = api();
        if (WorkspaceApi.isFolder(api.status(path))) {
            throw CliFailure.failed(path + " is a folder; 'campanile workspace ls' lists it, 'export' gets it.");
        }
        try (InputStream content = api.export(path, "AUTO")) {
            content.transferTo(session.terminal().out());
            session.terminal().out().flush();
            return 0;
        } catch (IOException e) {
            throw CliFailure.io("The answer broke off", e);
        }
    }

    @Command(name = "rm", description = "Delete a notebook, a file or a folder, for good: not into the trash.")
    int remove(
            @Parameters(paramLabel = "PATH", arity = "1..*", description = "What to delete.") List<String> paths,
            @Option(names = "-r", description = "A folder with everything in it.") boolean recursive,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        WorkspaceApi api = api();
        if (recursive) {
            session.confirm(yes, "Delete " + String.join(", ", paths) + " with everything in it?");
        }
        JsonNode answer = Json.object();
        for (String path : paths) {
            answer = api.delete(path, recursive);
        }
        session.done(answer, "Deleted " + String.join(", ", paths) + ".");
        return 0;
    }

    @Command(name = "mv", description = "Move or rename a notebook, a file or a folder.")
    int move(
            @Parameters(paramLabel = "FROM", description = "What to move.") String from,
            @Parameters(paramLabel = "TO", description = "A folder to move it into, or its new path.") String to) {
        WorkspaceApi api = api();
        JsonNode moved = api.status(from);
        String target = WorkspaceApi.absolute(to);
        Optional<JsonNode> there = api.find(target);
        boolean into = there.filter(WorkspaceApi::isFolder).isPresent();
        if (!into && to.endsWith("/")) {
            throw CliFailure.failed(to + " is not a folder; 'campanile workspace mkdir' makes one.");
        }
        JsonNode parent = into ? there.orElseThrow() : api.status(WorkspaceApi.parent(target));
        String name = WorkspaceApi.name(into ? moved.path("path").asText() : target);
        JsonNode answer = api.move(
                moved.path("object_id").asLong(), parent.path("object_id").asLong(), name);
        session.done(answer, "Moved " + from + " to " + answer.path("path").asText() + ".");
        return 0;
    }

    private WorkspaceApi api() {
        return new WorkspaceApi(session.api());
    }

    /** What a walk over many files could not do; the walk goes on. */
    static final class Failures {
        private final Session session;
        private final List<CliFailure> all = new ArrayList<>();

        Failures(Session session) {
            this.session = session;
        }

        void add(String what, CliFailure failure) {
            all.add(failure);
            session.terminal().err().println("Error: " + what + ": " + failure.text());
        }

        /** The one exit code of all, when they agree. */
        int exitCode() {
            return all.stream()
                    .map(failure -> failure.exit().code())
                    .distinct()
                    .reduce((one, other) -> 1)
                    .orElse(0);
        }

        int count() {
            return all.size();
        }
    }
}
