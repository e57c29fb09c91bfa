package io.campanile.cli.files;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.ProgressBar;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files from one place to another: this machine, DBFS, volumes. */
final class Copy {
    private final Session session;
    private final ApiClient api;
    private final ProgressBar bar;
    private final Wish wish;
    private int copied;
    private int skipped;

    /** What the person said about them. */
    record Wish(boolean recursive, boolean overwrite, boolean resume) {}

    Copy(Session session, Wish wish) {
        this.session = session;
        this.api = session.api();
        this.bar = session.progress();
        this.wish = wish;
    }

    int run(String from, String to) {
        Location source = Location.parse(from);
        Location target = Location.parse(to);
        if (source.local() && target.local()) {
            throw CliFailure.usage("One of the two must be on the server: dbfs:/... or /Volumes/...");
        }
        try (bar) {
            if (isFolder(source)) {
                if (!wish.recursive()) {
                    throw CliFailure.usage(source + " is a folder; give -r to copy it with everything in it.");
                }
                folder(source, target);
            } else {
                file(source, to.endsWith("/") || isFolder(target) ? target.child(source.name()) : target);
            }
        }
        session.done(
                Json.object().put("copied", copied).put("skipped", skipped),
                "Copied " + copied + (copied == 1 ? " file" : " files")
                        + (skipped == 0 ? "." : "; " + skipped + " were there already."));
        return 0;
    }

    private RemoteFiles files(Location location) {
        return FileCommands.files(session, location);
    }

    private boolean isFolder(Location location) {
        return location.local()
                ? Files.isDirectory(location.file())
                : files(location).find(location.path()).filter(Entry::folder).isPresent();
    }

    /** What a folder holds becomes what the target holds. */
    private void folder(Location source, Location target) {
        makeFolder(target);
        if (!source.local()) {
            for (Entry child : files(source).list(source.path()).entries()) {
                Location from = new Location(source.place(), child.path());
                Location to = inside(target, child.name());
                if (child.folder()) {
                    folder(from, to);
                } else {
                    file(from, to);
                }
            }
            return;
        }
        for (Path child : children(source.file())) {
            Location from = source.child(String.valueOf(child.getFileName()));
            Location to = target.child(from.name());
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                folder(from, to);
            } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                file(from, to);
            } else {
                session.note("Left out " + child + ": it is a link or no file.");
            }
        }
    }

    private void file(Location source, Location target) {
        if (wish.resume() && done(source, target)) {
            skipped++;
            return;
        }
        boolean replace = wish.overwrite() || wish.resume();
        if (target.local()) {
            if (!replace && Files.exists(target.file())) {
                throw CliFailure.failed(target + " is there already; --overwrite replaces it.");
            }
            new Download(files(source), api.host().url(), api.retries(), bar).run(source.path(), target.file());
        } else {
            if (!replace && files(target).find(target.path()).isPresent()) {
                throw CliFailure.failed(target + " is there already; --overwrite replaces it.");
            }
            Source bytes = watched(source, content(source));
            files(target).upload(bytes, target.path(), replace);
            bar.end();
        }
        copied++;
    }

    /** Whether an earlier command has brought this file over: as long, and not older. */
    private boolean done(Location source, Location target) {
        long[] there = sizeAndTime(target);
        long[] here = sizeAndTime(source);
        return there[0] == here[0] && there[1] >= here[1];
    }

    private long[] sizeAndTime(Location location) {
        if (!location.local()) {
            return files(location)
                    .find(location.path())
                    .map(entry -> new long[] {entry.size(), entry.modified()})
                    .orElse(new long[] {-1, -1});
        }
        try {
            Path file = location.file();
            return Files.exists(file)
                    ? new long[] {
                        Files.size(file), Files.getLastModifiedTime(file).toMillis()
                    }
                    : new long[] {-1, -1};
        } catch (IOException e) {
            throw CliFailure.io("The file cannot be read", e);
        }
    }

    private Source content(Location source) {
        if (!source.local()) {
            RemoteFiles files = files(source);
            Entry entry = files.get(source.path());
            return new Source(entry.size(), source + entry.version(), offset -> files.open(entry, offset));
        }
        try {
            Path file = source.file().toAbsolutePath();
            return new Source(Files.size(file), file + "\n" + Files.getLastModifiedTime(file), offset -> {
                InputStream content = Files.newInputStream(file);
                content.skipNBytes(offset);
                return content;
            });
        } catch (IOException e) {
            throw CliFailure.io("The file cannot be read", e);
        }
    }

    private Source watched(Location source, Source bytes) {
        return new Source(bytes.size(), bytes.identity(), offset -> {
            bar.begin(source.name(), bytes.size(), offset);
            return new FilterInputStream(bytes.opener().open(offset)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = super.read(into, offset, length);
                    bar.moved(Math.max(0, count));
                    return count;
                }
            };
        });
    }

    private void makeFolder(Location target) {
        if (!target.local()) {
            files(target).makeDirectories(target.path());
            return;
        }
        try {
            Files.createDirectories(target.file());
        } catch (IOException e) {
            throw CliFailure.io("The folder cannot be made", e);
        }
    }

    /** Names come from the server: none of them leads out of the folder. */
    private static Location inside(Location folder, String name) {
        boolean odd = name.isEmpty() || name.equals(".") || name.equals("..");
        if (odd || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            throw CliFailure.failed("'" + name + "' cannot be the name of a file here.");
        }
        return folder.child(name);
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw CliFailure.io("The folder cannot be read", e);
        }
    }

    static void print(InputStream content, Session session) {
        try (content) {
            content.transferTo(session.terminal().out());
            session.terminal().out().flush();
        } catch (IOException e) {
            throw CliFailure.io("The answer broke off", e);
        }
    }
}
