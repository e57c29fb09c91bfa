package io.campanile.acceptance.start;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody on this machine without any credential is told, in the language of each port. */
final class Strangers {
    private static final int PATIENCE_MS = 5_000;
    /** With its length before it, which tells it from grpc-status-details-bin. */
    private static final String STATUS = "\u000bgrpc-status";

    private Strangers() {}

    /** The status of a plain request. */
    static int get(int port, String path) throws IOException {
        return status(port, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n");
    }

    /** The status of a WebSocket handshake. */
    static int upgrade(int port, String path) throws IOException {
        return status(
                port,
                "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://127.0.0.1:" + port
                        + "\r\n\r\n");
    }

    private static int status(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(line.substring(9));
        }
    }

    /** What PostgreSQL asks for before anything else; 0 would be nothing, 10 is SCRAM. */
    static int postgresAuthentication(int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream startup = new DataOutputStream(bytes);
        startup.writeInt(196_608);
        startup.writeBytes("user\0campanile\0database\0campanile\0\0");
        try (Socket socket = connect(port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(4 + bytes.size());
            bytes.writeTo(out);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte kind = in.readByte();
            in.readInt();
            if (kind != 'R') {
                throw new IOException("Not a request for authentication: " + (char) kind);
            }
            return in.readInt();
        }
    }

    /**
     * Whether a port of Spark's own transport answers a remote call of somebody who has not authenticated: kind 4 would
     * be an answer; a failure, or the end of the connection, is a refusal.
     */
    static boolean sparkAnswers(int port) throws IOException {
        try (Socket socket = connect(port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeLong(8 + 1 + 8 + 4 + 8);
            out.writeByte(3);
            out.writeLong(1);
            out.writeInt(8);
            out.writeLong(0);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readLong();
            return in.readByte() == 4;
        } catch (EOFException | SocketException refused) {
            return false;
        }
    }

    /** The gRPC status of a call over plain HTTP/2; 16 is UNAUTHENTICATED. */
    static int grpcStatus(int port, @Nullable String token) throws IOException {
        Map<String, String> headers = new java.util.LinkedHashMap<>();
        headers.put(":method", "POST");
        headers.put(":scheme", "http");
        headers.put(":path", "/spark.connect.SparkConnectService/Config");
        headers.put(":authority", "127.0.0.1");
        headers.put("content-type", "application/grpc");
        headers.put("te", "trailers");
        if (token != null) {
            headers.put("authorization", "Bearer " + token);
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            block.write(0);
            literal(block, name);
            literal(block, value);
        });
        try (Socket socket = connect(port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            frame(out, 4, 0, 0, new byte[0]);
            frame(out, 1, 4, 1, block.toByteArray());
            frame(out, 0, 1, 1, new byte[5]);
            return awaitStatus(new DataInputStream(socket.getInputStream()), out);
        }
    }

    private static int awaitStatus(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                throw new EOFException("No gRPC status");
            }
            int length = ((head[0] & 255) << 16) | ((head[1] & 255) << 8) | (head[2] & 255);
            byte[] payload = in.readNBytes(length);
            if (head[3] == 4 && (head[4] & 1) == 0) {
                frame(out, 4, 1, 0, new byte[0]);
            }
            // The first header block that names it does so in plain letters: nothing of it is indexed yet.
            String text = new String(payload, StandardCharsets.ISO_8859_1);
            int at = text.indexOf(STATUS);
            if (head[3] == 1 && at >= 0) {
                int value = at + STATUS.length();
                return Integer.parseInt(text.substring(value + 1, value + 1 + text.charAt(value)));
            }
        }
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(DataOutputStream out, int kind, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(kind);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setSoTimeout(PATIENCE_MS);
        } catch (SocketException e) {
            socket.close();
            throw e;
        }
        return socket;
    }
}
