package io.campanile.kernel.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** One ROUTER channel: receives (blocking, nothing polls), hands over, sends the answer. */
public final class RequestLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);
    private final ZMQ.Socket socket;
    private final MessageCodec codec;

    /** Answers a request; what it throws is logged and the loop goes on. */
    public interface Handler {
        void handle(Message request, Replies replies);
    }

    /** Where answers to the request in hand go; the channel's own thread only. */
    public interface Replies {
        void send(Message answer);
    }

    public RequestLoop(ZContext context, String address, MessageCodec codec) {
        this.codec = codec;
        socket = context.createSocket(SocketType.ROUTER);
        socket.setLinger(1000);
        socket.bind(address);
    }

    /** Runs until the context ends; {@code idleWork} is called while nothing has arrived and it says there is more. */
    public void run(Handler handler, BooleanSupplier idleWork) {
        try {
            boolean more = true;
            while (true) {
                byte[] first = socket.recv(more ? ZMQ.DONTWAIT : 0);
                if (first == null) {
                    more = idleWork.getAsBoolean();
                    continue;
                }
                List<byte[]> frames = rest(first);
                dispatch(frames, handler);
            }
        } catch (ZMQException e) {
            if (e.getErrorCode() != zmq.ZError.ETERM) {
                LOG.error("A channel failed", e);
            }
        }
    }

    private List<byte[]> rest(byte[] first) {
        List<byte[]> frames = new ArrayList<>();
        frames.add(first);
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return frames;
    }

    private void dispatch(List<byte[]> frames, Handler handler) {
        Message request;
        try {
            request = codec.decode(frames);
        } catch (IOException e) {
            LOG.warn("A message was refused: {}", e.getMessage());
            return;
        }
        try {
            handler.handle(request, this::send);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("type", request.type()).setCause(e).log("A request failed");
        }
    }

    private void send(Message answer) {
        List<byte[]> frames = codec.encode(answer);
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
        }
    }
}
