package io.campanile.cli.files;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.terminal.ProgressBar;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Retries;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file from the server. It grows beside its target in a part whose name tells which version it is of, so that the
 * next command goes on where this one was stopped, and never with another version's bytes.
 */
final class Download {
    private static final int TRIES = 4;
    private static final int PIECE = 128 * 1024;

    private final RemoteFiles files;
    private final String server;
    private final Retries retries;
    private final ProgressBar bar;

    Download(RemoteFiles files, String server, Retries retries, ProgressBar bar) {
        this.files = files;
        this.server = server;
        this.retries = retries;
        this.bar = bar;
    }

    void run(String path, Path target) {
        Entry entry = files.get(path);
        Path part = part(entry, target);
        try {
            forgetOthers(target, part);
            if (entry.version().isEmpty()) {
                Files.deleteIfExists(part);
            }
            fetch(entry, part);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CliFailure.io(target + " could not be written", e);
        }
    }

    private void fetch(Entry entry, Path part) throws IOException {
        long had = sizeOf(part);
        if (had > entry.size()) {
            Files.delete(part);
            had = 0;
        }
        bar.begin(entry.name(), entry.size(), had);
        int failures = 0;
        while (sizeOf(part) < entry.size() || !Files.exists(part)) {
            long before = sizeOf(part);
            try {
                append(entry, part, before);
            } catch (BrokenOff e) {
                failures = sizeOf(part) > before ? 1 : failures + 1;
                if (failures == TRIES) {
                    throw brokenOff(entry, e);
                }
                retries.pauseAfter(failures);
            }
        }
        bar.end();
    }

    /** The server's side failed, not this disk's. */
    private static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1L;

        private BrokenOff(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private void append(Entry entry, Path part, long from) throws IOException {
        try (InputStream content = open(entry, from);
                OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] piece = new byte[PIECE];
            for (int count = read(content, piece); count >= 0; count = read(content, piece)) {
                out.write(piece, 0, count);
                bar.moved(count);
            }
        }
        if (sizeOf(part) != entry.size()) {
            throw new BrokenOff(new IOException("the answer ended early"));
        }
    }

    private InputStream open(Entry entry, long from) throws IOException {
        try {
            return files.open(entry, from);
        } catch (ApiFailure e) {
            if (e.status() == 412 || e.status() == 416) {
                throw CliFailure.failed(entry.path() + " changed while it was fetched; fetch it again.");
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw new BrokenOff(e);
        }
    }

    private static int read(InputStream content, byte[] piece) throws IOException {
        try {
            return content.read(piece);
        } catch (IOException e) {
            throw new BrokenOff(e);
        }
    }

    private static CliFailure brokenOff(Entry entry, IOException e) {
        return new CliFailure(
                ExitCode.UNAVAILABLE,
                "The transfer of " + entry.path() + " broke off (" + e.getMessage() + ").\n"
                        + "The same command goes on where it stopped.",
                e);
    }

    private static long sizeOf(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private Path part(Entry entry, Path target) {
        return target.resolveSibling(prefix(target) + Fingerprint.of(server, entry.path(), entry.version()) + ".part");
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    /** Parts of older versions can never be of use again. */
    private static void forgetOthers(Path target, Path part) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        String name = String.valueOf(part.getFileName());
        int length = name.length();
        List<Path> old;
        try (Stream<Path> siblings = Files.list(folder)) {
            old = siblings.filter(file -> {
                        String other = String.valueOf(file.getFileName());
                        return other.length() == length
                                && other.startsWith(prefix(target))
                                && other.endsWith(".part")
                                && !other.equals(name);
                    })
                    .toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }
}
