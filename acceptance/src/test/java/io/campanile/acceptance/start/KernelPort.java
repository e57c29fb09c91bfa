package io.campanile.acceptance.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A port of a kernel and the key that its messages must be signed with. */
record KernelPort(String name, int port, String key) {

    /** The five ports of every kernel below a data folder, from the connection files that only their owner reads. */
    static List<KernelPort> below(Path nodes) throws IOException {
        List<KernelPort> ports = new ArrayList<>();
        for (Path kernel : folders(nodes, "kernels")) {
            Path file = kernel.resolve("connection.json");
            if (!Files.exists(file)) {
                continue;
            }
            JsonNode connection = Installation.JSON.readTree(file.toFile());
            for (String name : List.of("shell", "control", "stdin", "iopub", "hb")) {
                ports.add(new KernelPort(
                        name,
                        connection.path(name + "_port").asInt(),
                        connection.path("key").asText()));
            }
        }
        return ports;
    }

    /** The folders in this folder of each node. */
    private static List<Path> folders(Path nodes, String name) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(nodes)) {
            for (Path node : all) {
                Path folder = node.resolve(name);
                if (Files.isDirectory(folder)) {
                    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
                        children.forEach(found::add);
                    }
                }
            }
        }
        return found;
    }

    /** Whether a request that is signed with {@code signingKey} is answered. */
    boolean answers(String signingKey, Duration patience) throws Exception {
        String session = UUID.randomUUID().toString();
        ObjectNode header = Installation.JSON.createObjectNode();
        header.put("msg_id", UUID.randomUUID().toString())
                .put("session", session)
                .put("username", "stranger")
                .put("date", java.time.Instant.now().toString())
                .put("msg_type", "kernel_info_request")
                .put("version", "5.4");
        List<String> parts = List.of(header.toString(), "{}", "{}", "{}");
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
            socket.setReceiveTimeOut((int) patience.toMillis());
            socket.connect("tcp://127.0.0.1:" + port);
            socket.sendMore("<IDS|MSG>");
            socket.sendMore(sign(signingKey, parts));
            for (int i = 0; i < parts.size(); i++) {
                socket.send(parts.get(i).getBytes(StandardCharsets.UTF_8), i < 3 ? ZMQ.SNDMORE : 0);
            }
            return socket.recv() != null;
        }
    }

    private static String sign(String key, List<String> parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        parts.forEach(part -> mac.update(part.getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(mac.doFinal());
    }
}
