package io.campanile.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Moves what a socket brings into a file on two threads. Java cannot have the system do it, and one thread that reads and
 * writes in turn is busy three times as long as the server that it is to measure.
 */
final class FileFromSocket {
    private static final int PIECE = 1024 * 1024;
    private static final int PIECES = 3;

    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final SocketChannel socket;
    private final FileChannel file;
    private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(PIECES);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(PIECES + 1);

    private FileFromSocket(SocketChannel socket, FileChannel file) {
        this.socket = socket;
        this.file = file;
        for (int i = 0; i < PIECES; i++) {
            empty.add(ByteBuffer.allocateDirect(PIECE));
        }
    }

    static void move(SocketChannel socket, FileChannel file, long size) throws IOException {
        FileFromSocket moving = new FileFromSocket(socket, file);
        CompletableFuture<Void> written = CompletableFuture.runAsync(moving::write);
        try {
            moving.read(size);
        } catch (ClosedChannelException e) {
            // The writer closed it, and says below why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        try {
            written.join();
        } catch (CompletionException e) {
            throw new IOException("What came could not be written", e.getCause());
        }
    }

    private void read(long size) throws IOException, InterruptedException {
        try {
            for (long left = size; left > 0; ) {
                ByteBuffer piece = empty.take();
                piece.clear().limit((int) Math.min(PIECE, left));
                if (socket.read(piece) < 0) {
                    throw new IOException("The answer broke off " + left + " bytes before its end");
                }
                left -= piece.flip().remaining();
                full.put(piece);
            }
        } finally {
            full.put(END);
        }
    }

    private void write() {
        try {
            for (ByteBuffer piece = full.take(); piece != END; piece = full.take()) {
                while (piece.hasRemaining()) {
                    file.write(piece);
                }
                empty.put(piece);
            }
        } catch (IOException | InterruptedException e) {
            stopReading();
            throw new CompletionException(e);
        }
    }

    /** It finds the socket closed, at the latest when it has the room it waits for. */
    private void stopReading() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new CompletionException(e);
        } finally {
            empty.offer(ByteBuffer.allocateDirect(PIECE));
        }
    }
}
