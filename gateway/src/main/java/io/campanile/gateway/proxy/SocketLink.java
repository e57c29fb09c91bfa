package io.campanile.gateway.proxy;

import io.campanile.common.concurrent.Intake;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** Two WebSockets joined frame by frame: each side is read only as fast as the other takes it. */
final class SocketLink implements OpenSockets.Link {
    private static final short GOING_AWAY = 1001;
    private static final short POLICY = 1008;
    private static final short INTERNAL = 1011;
    private static final short TRY_AGAIN_LATER = 1013;

    private final ServerWebSocket client;
    private final WebSocket service;
    private final Intake.Share unfinished;
    private boolean ended;

    /** {@code unfinished}: where the bytes of a message that is still arriving are counted; the service holds them. */
    SocketLink(ServerWebSocket client, WebSocket service, Intake.Share unfinished) {
        this.client = client;
        this.service = service;
        this.unfinished = unfinished;
    }

    /** {@code closed} runs when either side has closed, perhaps twice. */
    void start(Runnable closed) {
        pump(client, service);
        pump(service, client);
        client.closeHandler(gone -> {
            closed.run();
            unfinished.release();
            close(service, client, GOING_AWAY);
        });
        service.closeHandler(gone -> {
            closed.run();
            close(client, service, INTERNAL);
        });
        client.resume();
        service.resume();
    }

    @Override
    public void end(String reason) {
        ended = true;
        client.close(POLICY, reason);
        service.close(GOING_AWAY);
    }

    @Override
    public String address() {
        return client.remoteAddress().hostAddress();
    }

    @Override
    public void ping() {
        if (!client.isClosed()) {
            client.writePing(Buffer.buffer("campanile"));
        }
    }

    private void pump(WebSocketBase from, WebSocketBase to) {
        from.exceptionHandler(failure -> to.close(INTERNAL));
        from.frameHandler(frame -> {
            // The other side may have closed while frames of this one were on their way.
            if (!ended && !to.isClosed() && data(frame)) {
                if (from == client && !counted(frame)) {
                    refuse();
                    return;
                }
                to.writeFrame(frame);
                if (!to.isClosed() && to.writeQueueFull()) {
                    from.pause();
                }
            }
        });
        to.drainHandler(drained -> from.resume());
    }

    /** Whether there is room for the frame; with its last frame a message leaves. */
    private boolean counted(WebSocketFrame frame) {
        if (frame.isFinal()) {
            unfinished.release();
            return true;
        }
        return unfinished.take(frame.binaryData().length());
    }

    private void refuse() {
        ended = true;
        unfinished.release();
        client.close(TRY_AGAIN_LATER, "Too much is being sent at the same time");
        service.close(GOING_AWAY);
    }

    private static boolean data(WebSocketFrame frame) {
        return frame.isText() || frame.isBinary() || frame.isContinuation();
    }

    /** Hands on why the other side closed; a side that just vanished closes as {@code otherwise}. */
    private static void close(WebSocketBase still, WebSocketBase gone, short otherwise) {
        @Nullable Short code = gone.closeStatusCode();
        if (!still.isClosed()) {
            still.close(code != null && sendable(code) ? code : otherwise, gone.closeReason());
        }
    }

    /** 1004 to 1006 and 1015 only say what happened; they must not be sent. */
    private static boolean sendable(short code) {
        return code >= 3000 || (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    }
}
