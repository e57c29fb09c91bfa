package io.campanile.launcher;

import com.fasterxml.jackson.core.type.TypeReference;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The loopback ports of an installation: chosen at its first start, kept, replaced only when a stranger holds one. */
final class Ports {
    private final Path file;
    private final Map<String, Integer> chosen;

    private Ports(Path file, Map<String, Integer> chosen) {
        this.file = file;
        this.chosen = chosen;
    }

    static Ports open(DataDir data) throws IOException {
        Path file = data.run().resolve("ports.json");
        Map<String, Integer> known = Files.exists(file)
                ? Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<TreeMap<String, Integer>>() {})
                : new TreeMap<>();
        return new Ports(file, known);
    }

    /** The port of {@code role}; {@code held} says that our own running process has it already. */
    synchronized int of(String role, boolean held) throws IOException {
        Integer port = chosen.get(role);
        if (port == null || !held && !free(port)) {
            port = anyFree();
            chosen.put(role, port);
            Files0600.writeJson(file, chosen);
        }
        return port;
    }

    synchronized void keep(String role, int port) throws IOException {
        if (!Integer.valueOf(port).equals(chosen.put(role, port))) {
            Files0600.writeJson(file, chosen);
        }
    }

    /** Whether nobody listens on a loopback port. */
    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int anyFree() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }
}
