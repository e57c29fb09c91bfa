package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.ZError;

/**
 * The client side of a kernel's shell, control and iopub sockets, on one thread that blocks until something comes. ZeroMQ
 * sockets belong to the thread that made them: what others send waits in a queue, and an in-process pair wakes the thread.
 */
final class KernelSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelSockets.class);
    private static final byte[] WAKE = {1};
    /** How far the agent may fall behind a kernel's output before ZeroMQ stops reading. */
    private static final int WINDOW = 20_000;

    /** Messages of one socket read in a row: an interrupt must get out while a kernel prints without end. */
    private static final int ROUND = 100;

    /** The two request channels. */
    enum Channel {
        SHELL,
        CONTROL
    }

    private record Outgoing(Channel channel, String id, String type, JsonNode content) {}

    /** Where received messages go; called on the socket thread, which it may hold up. */
    record Receiver(Consumer<JupyterMessage> iopub, Consumer<JupyterMessage> reply) {}

    private final ZContext context;
    private final ConnectionInfo connection;
    private final JupyterCodec codec;
    private final Receiver receiver;
    private final Queue<Outgoing> outgoing = new ConcurrentLinkedQueue<>();
    private final ZMQ.Socket waker;
    private final Thread thread;
    private volatile boolean closed;

    KernelSockets(ZContext context, ConnectionInfo connection, String name, Receiver receiver) {
        this.context = context;
        this.connection = connection;
        this.codec = new JupyterCodec(connection.key());
        this.receiver = receiver;
        String pair = "inproc://wake-" + name;
        this.waker = context.createSocket(SocketType.PAIR);
        waker.bind(pair);
        this.thread = new Thread(() -> run(pair), "kernel-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends a request; its answer comes to the receiver with {@code id} as its parent. */
    void send(Channel channel, String id, String type, JsonNode content) {
        outgoing.add(new Outgoing(channel, id, type, content));
        wake();
    }

    private synchronized void wake() {
        if (!closed) {
            waker.send(WAKE, ZMQ.DONTWAIT);
        }
    }

    private void run(String pair) {
        try (ZMQ.Socket wake = context.createSocket(SocketType.PAIR);
                ZMQ.Socket shell = connect(SocketType.DEALER, connection.shell());
                ZMQ.Socket control = connect(SocketType.DEALER, connection.control());
                ZMQ.Socket iopub = connect(SocketType.SUB, connection.iopub());
                ZMQ.Poller poller = context.createPoller(4)) {
            wake.connect(pair);
            for (ZMQ.Socket socket : List.of(wake, shell, control, iopub)) {
                poller.register(socket, ZMQ.Poller.POLLIN);
            }
            while (!closed) {
                poller.poll(-1);
                drain(wake);
                sendAll(shell, control);
                // Output first: a reply must not overtake what was printed before it by more than one round.
                receive(iopub, receiver.iopub());
                receive(shell, receiver.reply());
                receive(control, receiver.reply());
            }
        } catch (ZMQException e) {
            if (e.getErrorCode() != ZError.ETERM && !closed) {
                LOG.error("The sockets of a kernel failed", e);
            }
        }
    }

    private ZMQ.Socket connect(SocketType type, int port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setLinger(0);
        socket.setRcvHWM(WINDOW);
        socket.setReconnectIVL(20);
        if (type == SocketType.SUB) {
            socket.subscribe(ZMQ.SUBSCRIPTION_ALL);
        }
        socket.connect("tcp://127.0.0.1:" + port);
        return socket;
    }

    private static void drain(ZMQ.Socket wake) {
        byte[] signal = wake.recv(ZMQ.DONTWAIT);
        while (signal != null) {
            signal = wake.recv(ZMQ.DONTWAIT);
        }
    }

    private void sendAll(ZMQ.Socket shell, ZMQ.Socket control) {
        for (Outgoing next = outgoing.poll(); next != null; next = outgoing.poll()) {
            ZMQ.Socket socket = next.channel() == Channel.SHELL ? shell : control;
            List<byte[]> parts = codec.encode(next.id(), next.type(), next.content());
            for (int i = 0; i < parts.size(); i++) {
                socket.send(parts.get(i), i < parts.size() - 1 ? ZMQ.SNDMORE : 0);
            }
        }
    }

    private void receive(ZMQ.Socket socket, Consumer<JupyterMessage> consumer) {
        for (int round = 0; round < ROUND; round++) {
            byte[] first = socket.recv(ZMQ.DONTWAIT);
            if (first == null) {
                return;
            }
            List<byte[]> parts = new ArrayList<>();
            parts.add(first);
            while (socket.hasReceiveMore()) {
                parts.add(socket.recv());
            }
            try {
                codec.decode(parts, consumer);
            } catch (IOException e) {
                LOG.warn("A kernel sent what is no message", e);
            }
        }
    }

    @Override
    public void close() {
        wake();
        synchronized (this) {
            closed = true;
            waker.send(WAKE, ZMQ.DONTWAIT);
            waker.close();
        }
    }
}
