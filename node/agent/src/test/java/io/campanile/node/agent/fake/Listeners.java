package io.campanile.node.agent.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The addresses on which a process listens, as the kernel writes them. */
public final class Listeners {
    /** 127.0.0.1, alone and as an address of the newer kind. */
    public static final Set<String> LOOPBACK = Set.of("0100007F", "0000000000000000FFFF00000100007F");

    private static final String LISTEN = "0A";

    private Listeners() {}

    public static List<String> of(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : open.toList()) {
                if (Files.isSymbolicLink(file)) {
                    sockets.add(Files.readSymbolicLink(file).toString());
                }
            }
        }
        return Stream.concat(
                        Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row.length > 9 && row[3].equals(LISTEN) && sockets.contains("socket:[" + row[9] + "]"))
                .map(row -> row[1].substring(0, row[1].indexOf(':')))
                .toList();
    }
}
