package io.campanile.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP that costs next to nothing at this end: the system moves the bytes between file and socket. */
final class RawHttp {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private final URI url;
    private final String token;

    RawHttp(String url, String token) {
        this.url = URI.create(url);
        this.token = token;
    }

    /** Sends a file as the body of a PUT; returns when it was answered 200. */
    void put(String path, Path file) throws IOException {
        try (SocketChannel socket = connect();
                FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = content.size();
            send(socket, "PUT " + path, "Content-Length: " + size + "\r\n");
            for (long at = 0; at < size; ) {
                at += content.transferTo(at, size - at, socket);
            }
            head(socket);
        }
    }

    /** Writes the answer to a GET into a file. */
    void get(String path, Path file) throws IOException {
        try (SocketChannel socket = connect();
                FileChannel content = FileChannel.open(
                        file,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            send(socket, "GET " + path, "");
            Matcher length = LENGTH.matcher(head(socket));
            if (!length.find()) {
                throw new IOException(path + " was answered without a length");
            }
            long size = Long.parseLong(length.group(1));
            ByteBuffer piece = ByteBuffer.allocateDirect(1024 * 1024);
            for (long left = size; left > 0; ) {
                piece.clear().limit((int) Math.min(piece.capacity(), left));
                if (socket.read(piece) < 0) {
                    throw new IOException(path + " broke off " + left + " bytes before its end");
                }
                left -= piece.flip().remaining();
                while (piece.hasRemaining()) {
                    content.write(piece);
                }
            }
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
    }

    private void send(SocketChannel socket, String line, String header) throws IOException {
        String head = line + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer " + token
                + "\r\nConnection: close\r\n" + header + "\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** The head of an answer, byte by byte: what comes after it belongs to the file. */
    private static String head(SocketChannel socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            if (socket.read(one.clear()) < 0) {
                throw new IOException("No answer but: " + head.toString(StandardCharsets.US_ASCII));
            }
            head.write(one.get(0));
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        Matcher status = STATUS.matcher(text);
        if (!status.lookingAt() || !status.group(1).equals("200")) {
            throw new IOException("Answered: " + text);
        }
        return text;
    }
}
