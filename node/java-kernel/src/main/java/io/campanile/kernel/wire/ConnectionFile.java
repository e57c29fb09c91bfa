package io.campanile.kernel.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Jupyter connection file: where the five sockets bind and the key that signs messages. */
public record ConnectionFile(
        String transport, String ip, int shell, int control, int stdin, int iopub, int heartbeat, String key) {

    public static ConnectionFile read(Path file) throws IOException {
        ObjectNode json = Json.parse(Files.readAllBytes(file));
        String scheme = json.path("signature_scheme").asText("hmac-sha256");
        if (!scheme.equals("hmac-sha256")) {
            throw new IOException("Unknown signature scheme " + scheme);
        }
        return new ConnectionFile(
                json.path("transport").asText("tcp"),
                json.path("ip").asText("127.0.0.1"),
                json.path("shell_port").asInt(),
                json.path("control_port").asInt(),
                json.path("stdin_port").asInt(),
                json.path("iopub_port").asInt(),
                json.path("hb_port").asInt(),
                json.path("key").asText());
    }

    public String shellAddress() {
        return address(shell);
    }

    public String controlAddress() {
        return address(control);
    }

    public String stdinAddress() {
        return address(stdin);
    }

    public String iopubAddress() {
        return address(iopub);
    }

    public String heartbeatAddress() {
        return address(heartbeat);
    }

    private String address(int port) {
        return transport + "://" + ip + ":" + port;
    }

    /** The key stays out of logs. */
    @Override
    public String toString() {
        return "ConnectionFile[" + address(shell) + "]";
    }
}
