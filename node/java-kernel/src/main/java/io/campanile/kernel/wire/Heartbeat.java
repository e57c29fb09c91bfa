package io.campanile.kernel.wire;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** Echoes whatever arrives: the sign of life of the process, independent of a busy cell. */
public final class Heartbeat {
    private final ZMQ.Socket socket;

    public Heartbeat(ZContext context, String address) {
        socket = context.createSocket(SocketType.REP);
        socket.setLinger(0);
        socket.bind(address);
    }

    public void start() {
        Thread thread = new Thread(this::echo, "heartbeat");
        thread.setDaemon(true);
        thread.start();
    }

    private void echo() {
        try {
            while (true) {
                socket.send(socket.recv());
            }
        } catch (ZMQException e) {
            Thread.currentThread().interrupt();
        }
    }
}
