package io.campanile.clusters.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The processes of this machine as Linux shows them under {@code /proc}. */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE_BYTES = 4096;

    private ProcessTable() {}

    /** A live process; {@code session} is the id of the process that leads its session. */
    record Entry(long pid, long parent, long session) {

        /**
         * Its id in every process namespace it is in, ours first: the last is the one it knows. Empty when it has ended.
         */
        List<Long> ids() {
            return ProcessTable.ids(PROC.resolve(Long.toString(pid)));
        }

        /** Milliseconds since the epoch, empty when the process has just ended. */
        Optional<Long> started() {
            return ProcessHandle.of(pid)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(java.time.Instant::toEpochMilli);
        }

        /** Its arguments; empty when it has ended or belongs to somebody else. */
        List<String> arguments() {
            return strings("cmdline");
        }

        /** Its environment, as {@code NAME=value}; empty when it has ended or belongs to somebody else. */
        List<String> environment() {
            return strings("environ");
        }

        long residentMb() {
            try {
                String[] pages =
                        Files.readString(PROC.resolve(pid + "/statm")).trim().split(" ");
                return pages.length < 2 ? 0 : Long.parseLong(pages[1]) * PAGE_BYTES / (1024 * 1024);
            } catch (IOException ended) {
                return 0;
            }
        }

        private List<String> strings(String file) {
            try {
                String text = new String(Files.readAllBytes(PROC.resolve(pid + "/" + file)), StandardCharsets.UTF_8);
                return text.isEmpty() ? List.of() : Arrays.asList(text.split("\0"));
            } catch (IOException endedOrNotOurs) {
                return List.of();
            }
        }
    }

    /** All live processes, zombies left out. Never a partial list: failing to see ourselves is a failure. */
    static List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        boolean sawSelf = false;
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : directories) {
                Optional<Entry> entry = entry(directory);
                if (entry.isPresent()) {
                    entries.add(entry.get());
                    sawSelf |= entry.get().pid() == ProcessHandle.current().pid();
                }
            }
        } catch (IOException e) {
            throw new ProviderException("The list of processes cannot be read", e);
        }
        if (!sawSelf) {
            throw new ProviderException("The list of processes is not complete");
        }
        return entries;
    }

    private static List<Long> ids(Path directory) {
        try {
            for (String line : Files.readAllLines(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("NSpid:")) {
                    return Arrays.stream(
                                    line.substring("NSpid:".length()).trim().split("\\s+"))
                            .map(Long::valueOf)
                            .toList();
                }
            }
            return List.of();
        } catch (IOException | NumberFormatException ended) {
            return List.of();
        }
    }

    /** The line of /proc/[pid]/stat: the name in parentheses may hold anything, so read from its last one. */
    private static Optional<Entry> entry(Path directory) {
        try {
            String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            long pid = Long.parseLong(String.valueOf(directory.getFileName()));
            return ended
                    ? Optional.empty()
                    : Optional.of(new Entry(pid, Long.parseLong(fields[1]), Long.parseLong(fields[3])));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException ended) {
            return Optional.empty();
        }
    }
}
