package io.campanile.gateway;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A request whose body comes as the test likes. */
final class SlowRequest implements AutoCloseable {
    private final Socket socket;
    private final StringBuilder answer = new StringBuilder();

    SlowRequest(int port, String method, String path, String bearer, int length) throws IOException {
        socket = new Socket("127.0.0.1", port);
        write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: "
                        + bearer + "\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** So many bytes of the body, unless there is an answer already. */
    void send(int bytes) throws IOException {
        if (answer().isEmpty()) {
            byte[] piece = new byte[bytes];
            Arrays.fill(piece, (byte) 'x');
            write(piece);
        }
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** What has come of the answer. */
    String answer() throws IOException {
        while (socket.getInputStream().available() > 0) {
            answer.append((char) socket.getInputStream().read());
        }
        return answer.toString();
    }

    /** Whether the gateway has closed the connection; waits for it. */
    boolean closed() throws IOException {
        socket.setSoTimeout(5_000);
        return socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
