package io.campanile.acceptance.start;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sockets on which the processes of an installation listen, as the kernel of the system lists them. */
final class Listeners {
    private static final String LISTENING = "0A";
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

    private Listeners() {}

    /** A listening socket; {@code role} is that of state.json. */
    record Listener(String role, long pid, int port, boolean loopback) {}

    static List<Listener> of(Installation installation) throws IOException {
        Map<Long, String> roles = roles(installation);
        List<Listener> found = new ArrayList<>();
        for (Map.Entry<Long, String> process : roles.entrySet()) {
            Set<String> inodes = sockets(process.getKey());
            for (String table : List.of("tcp", "tcp6")) {
                for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
                    String[] fields = line.trim().split("\\s+");
                    if (fields.length > 9 && fields[3].equals(LISTENING) && inodes.contains(fields[9])) {
                        String[] address = fields[1].split(":");
                        found.add(new Listener(
                                process.getValue(),
                                process.getKey(),
                                Integer.parseInt(address[1], 16),
                                LOOPBACK.contains(address[0])));
                    }
                }
            }
        }
        return found;
    }

    /** Every process of the installation: those it lists, and all that they started. */
    private static Map<Long, String> roles(Installation installation) throws IOException {
        Map<Long, String> roles = new LinkedHashMap<>();
        JsonNode state = Installation.JSON.readTree(
                installation.dataDir().resolve("run/state.json").toFile());
        for (JsonNode row : state.path("processes")) {
            roles.put(row.path("pid").asLong(), row.path("role").asText());
        }
        for (long pid : List.copyOf(roles.keySet())) {
            String role = String.valueOf(roles.get(pid));
            ProcessHandle.of(pid)
                    .ifPresent(process -> process.descendants().forEach(child -> roles.putIfAbsent(child.pid(), role)));
        }
        return roles;
    }

    private static Set<String> sockets(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                target(descriptor)
                        .filter(target -> target.startsWith("socket:["))
                        .ifPresent(target -> inodes.add(target.substring(8, target.length() - 1)));
            }
        } catch (NoSuchFileException endedMeanwhile) {
            return Set.of();
        }
        return inodes;
    }

    private static Optional<String> target(Path descriptor) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException closedMeanwhile) {
            return Optional.empty();
        }
    }
}
