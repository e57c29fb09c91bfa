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

/**
 * HTTP that costs as little as it can at this end: the system moves the bytes from file to socket, and what comes is
 * written while the next is read.
 */
final class RawHttp {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
    static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

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
            answer(socket);
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
            Matcher length = LENGTH.matcher(answer(socket));
            if (!length.find()) {
                throw new IOException(path + " was answered without a length");
            }
            FileFromSocket.move(socket, content, Long.parseLong(length.group(1)));
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

    /** The head of a message, byte by byte: what comes after it belongs to the file. */
    static String head(SocketChannel socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            if (socket.read(one.clear()) < 0) {
                throw new IOException("No head but: " + head.toString(StandardCharsets.US_ASCII));
            }
            head.write(one.get(0));
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    /** The same of an answer that must be 200. */
    private static String answer(SocketChannel socket) throws IOException {
        String text = head(socket);
        Matcher status = STATUS.matcher(text);
        if (!status.lookingAt() || !status.group(1).equals("200")) {
            throw new IOException("Answered: " + text);
        }
        return text;
    }
}
