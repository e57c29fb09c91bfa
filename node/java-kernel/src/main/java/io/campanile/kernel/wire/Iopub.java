package io.campanile.kernel.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The broadcast channel. One thread owns the socket; the queue before it is bounded in bytes, so a cell that prints
 * faster than the agent reads is slowed down instead of filling the memory or losing lines.
 */
public final class Iopub {
    private static final int QUEUED_KILOBYTES = 16 * 1024;
    private final MessageCodec codec;
    private final ZMQ.Socket socket;
    private final LinkedBlockingQueue<List<byte[]>> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(QUEUED_KILOBYTES);

    public Iopub(ZContext context, String address, MessageCodec codec) {
        this.codec = codec;
        socket = context.createSocket(SocketType.XPUB);
        socket.setXpubNoDrop(true);
        socket.setLinger(1000);
        socket.bind(address);
    }

    public void start() {
        Thread thread = new Thread(this::send, "iopub");
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues a message; waits while the reader is far behind. */
    public void publish(String type, ObjectNode parent, ObjectNode content) throws InterruptedException {
        List<byte[]> frames = codec.encode(codec.broadcast(type, parent, content));
        room.acquire(kilobytes(frames));
        queue.add(frames);
    }

    /** As {@link #publish}, for the kernel's own threads, which nobody interrupts on purpose. */
    public void publishSurely(String type, ObjectNode parent, ObjectNode content) {
        List<byte[]> frames = codec.encode(codec.broadcast(type, parent, content));
        room.acquireUninterruptibly(kilobytes(frames));
        queue.add(frames);
    }

    private void send() {
        try {
            while (true) {
                List<byte[]> frames = queue.take();
                for (int i = 0; i < frames.size(); i++) {
                    socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
                }
                room.release(kilobytes(frames));
                // Subscription notices arrive on an XPUB socket and are of no use here.
                while (socket.recv(ZMQ.DONTWAIT) != null) {}
            }
        } catch (InterruptedException | ZMQException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int kilobytes(List<byte[]> frames) {
        int bytes = frames.stream().mapToInt(frame -> frame.length).sum();
        return Math.min(QUEUED_KILOBYTES, 1 + bytes / 1024);
    }
}
