package io.campanile.node.agent.kernel;

import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports and the signing key of one kernel. */
record ConnectionInfo(int shell, int control, int iopub, int stdin, int heartbeat, String key) {

    /** Five ports that were free a moment ago, and a new key. */
    static ConnectionInfo choose() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            return new ConnectionInfo(
                    ports.get(0),
                    ports.get(1),
                    ports.get(2),
                    ports.get(3),
                    ports.get(4),
                    HexFormat.of().formatHex(key));
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /** The text of Jupyter's connection file. */
    String json() {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("transport", "tcp");
        file.put("ip", "127.0.0.1");
        file.put("shell_port", shell);
        file.put("control_port", control);
        file.put("iopub_port", iopub);
        file.put("stdin_port", stdin);
        file.put("hb_port", heartbeat);
        file.put("signature_scheme", "hmac-sha256");
        file.put("key", key);
        return NodeJson.write(file);
    }

    @Override
    public String toString() {
        return "ConnectionInfo[shell=" + shell + ", key=****]";
    }
}
