package io.campanile.cli.files;

import static java.util.Objects.requireNonNull;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile fs}: files of DBFS and of volumes. */
@Command(
        name = "fs",
        description = {
            "Files of DBFS (dbfs:/...) and of volumes (/Volumes/CATALOG/SCHEMA/VOLUME/...).",
            "Every other path is of this machine; file:/Volumes/... names one there too."
        })
public final class FileCommands {
    private final Session session;

    public FileCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    static RemoteFiles files(Session session, Location location) {
        if (location.place() == Location.Place.DBFS) {
            return new DbfsFiles(session.api());
        }
        String cache = session.machine().environment().getOrDefault("XDG_CACHE_HOME", "");
        Path folder = cache.isEmpty() ? session.machine().home().resolve(".cache") : Path.of(cache);
        return new VolumeFiles(session.api(), new UploadNotes(folder.resolve("campanile/uploads")));
    }

    @Command(name = "ls", description = "List a folder.")
    int list(
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "dbfs:/", description = "Default: dbfs:/")
                    String path,
            @Option(names = "-l", description = "With size and time of the last change.") boolean full) {
        Location location = Location.remote(path);
        RemoteFiles.Listing listing = files(location).list(location.path());
        Table table = full ? new Table("SIZE", "MODIFIED", "PATH") : new Table("PATH");
        for (Entry entry : listing.entries()) {
            String shown = new Location(location.place(), entry.path()) + (entry.folder() ? "/" : "");
            if (full) {
                table.row(entry.folder() ? "" : Show.size(entry.size()), Show.time(entry.modified()), shown);
            } else {
                table.row(shown);
            }
        }
        if (full || session.json()) {
            session.show(listing.wire(), table);
        } else {
            table.print(session.terminal().out(), 0, true);
        }
        return 0;
    }

    @Command(name = "stat", description = "Show size and time of a file or folder.")
    int stat(@Parameters(paramLabel = "PATH", description = "A file or folder.") String path) {
        Location location = Location.remote(path);
        Entry entry = files(location).get(location.path());
        Table table = new Table("FIELD", "VALUE")
                .row("path", location.toString())
                .row("type", entry.folder() ? "folder" : "file");
        if (!entry.folder()) {
            table.row("size", entry.size() + (entry.size() < 1000 ? "" : " (" + Show.size(entry.size()) + ")"));
            table.row("modified", Show.time(entry.modified()));
        }
        session.show(entry.wire(), table);
        return 0;
    }

    @Command(name = "cat", description = "Print files.")
    int print(@Parameters(paramLabel = "PATH", arity = "1..*", description = "The files.") List<String> paths) {
        for (String path : paths) {
            Location location = Location.remote(path);
            RemoteFiles files = files(location);
            Entry entry = files.get(location.path());
            if (entry.folder()) {
                throw CliFailure.failed(path + " is a folder.");
            }
            Copy.print(files.open(entry, 0), session);
        }
        return 0;
    }

    @Command(
            name = "cp",
            description = {
                "Copy files between this machine and the server, or within the server.",
                "A download that was broken off goes on where it stopped when the command is given again. With -r what"
                        + " FROM holds becomes what TO holds; --resume leaves out files that are there already."
            })
    int copy(
            @Parameters(paramLabel = "FROM", description = "A file or folder.") String from,
            @Parameters(
                            paramLabel = "TO",
                            description = "Its new path; of a file also a folder that takes it in under its own name.")
                    String to,
            @Option(names = "-r", description = "A folder with everything in it.") boolean recursive,
            @Option(names = "--overwrite", description = "Replace files that are there.") boolean overwrite,
            @Option(
                            names = "--resume",
                            description = "Leave out files that are there, as long and not older; replace the others.")
                    boolean resume) {
        return new Copy(session, new Copy.Wish(recursive, overwrite, resume)).run(from, to);
    }

    @Command(name = "mkdir", description = "Make a folder, with the folders above it.")
    int makeDirectory(
            @Parameters(paramLabel = "PATH", arity = "1..*", description = "The folder.") List<String> paths) {
        for (String path : paths) {
            Location location = Location.remote(path);
            files(location).makeDirectories(location.path());
        }
        session.done(Json.object(), "Made " + String.join(", ", paths) + ".");
        return 0;
    }

    @Command(name = "rm", description = "Delete files or folders.")
    int remove(
            @Parameters(paramLabel = "PATH", arity = "1..*", description = "What to delete.") List<String> paths,
            @Option(names = "-r", description = "A folder with everything in it.") boolean recursive,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        if (recursive) {
            session.confirm(yes, "Delete " + String.join(", ", paths) + " with everything in it?");
        }
        for (String path : paths) {
            Location location = Location.remote(path);
            RemoteFiles files = files(location);
            files.delete(files.get(location.path()), recursive);
        }
        session.done(Json.object(), "Deleted " + String.join(", ", paths) + ".");
        return 0;
    }

    @Command(
            name = "mv",
            description = "Move or rename a file or folder. Between volumes the bytes travel through this machine.")
    int move(
            @Parameters(paramLabel = "FROM", description = "What to move.") String from,
            @Parameters(paramLabel = "TO", description = "A folder to move it into, or its new path.") String to) {
        Location source = Location.remote(from);
        Location target = Location.remote(to);
        if (source.place() != target.place()) {
            throw CliFailure.usage("Between DBFS and volumes files are copied: 'campanile fs cp', then 'rm'.");
        }
        RemoteFiles files = files(source);
        Entry moved = files.get(source.path());
        Optional<Entry> there = files.find(target.path());
        if (there.isPresent() && !there.get().folder()) {
            throw CliFailure.failed(to + " is there already.");
        }
        Location end = there.isPresent() ? target.child(source.name()) : target;
        files.move(moved, end.path());
        session.done(Json.object(), "Moved " + from + " to " + end + ".");
        return 0;
    }

    private RemoteFiles files(Location location) {
        return files(session, location);
    }
}
