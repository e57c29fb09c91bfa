package io.campanile.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;

/**
 * What this machine allows: a server that checks nothing and knows one file, which it has the system send, and which it
 * replaces when a whole one has come and is on the disk.
 */
final class BareServer implements AutoCloseable {
    private final Path file;
    private final ServerSocketChannel listener;

    BareServer(Path file) throws IOException {
        this.file = file;
        this.listener = ServerSocketChannel.open().bind(new InetSocketAddress("localhost", 0));
        Thread thread = new Thread(this::serve, "bare-server");
        thread.setDaemon(true);
        thread.start();
    }

    String url() throws IOException {
        return "http://localhost:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel socket = listener.accept()) {
                String head = RawHttp.head(socket);
                if (head.startsWith("PUT ")) {
                    put(socket, head);
                } else {
                    get(socket);
                }
            } catch (AsynchronousCloseException closed) {
                return;
            } catch (IOException e) {
                // The client fails as well, and says so.
                System.err.println("The bare server failed: " + e);
            }
        }
    }

    private void put(SocketChannel socket, String head) throws IOException {
        Matcher length = RawHttp.LENGTH.matcher(head);
        if (!length.find()) {
            throw new IOException("A PUT without a length");
        }
        Path coming = file.resolveSibling(file.getFileName() + ".coming");
        try (FileChannel content = FileChannel.open(
                coming, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer piece = ByteBuffer.allocateDirect(256 * 1024);
            for (long left = Long.parseLong(length.group(1)); left > 0; ) {
                if (socket.read(piece.clear()) < 0) {
                    throw new IOException("The body broke off");
                }
                left -= piece.flip().remaining();
                while (piece.hasRemaining()) {
                    content.write(piece);
                }
            }
            content.force(true);
        }
        Files.move(coming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    private void get(SocketChannel socket) throws IOException {
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = content.size();
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            for (long at = 0; at < size; ) {
                at += content.transferTo(at, size - at, socket);
            }
        }
    }

    private static void write(SocketChannel socket, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
