package io.campanile.notebooks.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Intake;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Errors;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.JsonAnswer;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one tab, on its event loop. A tab that reads too slowly is told nothing more until it has caught up, and
 * then gets a snapshot: memory stays bounded. A tab that sends too fast is not read from for a while.
 */
final class TabSession {
    private static final Logger LOG = LoggerFactory.getLogger(TabSession.class);
    private static final int MOST_CHANNELS = 64;
    private static final int MOST_UNANSWERED = 512;
    private static final int FEW_UNANSWERED = 128;
    private static final long LONGEST_UNANSWERED = 4L * 1024 * 1024;
    private static final long MOST_UNSENT = 8L * 1024 * 1024;
    private static final long FEW_UNSENT = 1024L * 1024;
    private static final long LONGEST_LAG_MS = 60_000;
    static final short TRY_AGAIN_LATER = 1013;

    private final LiveSocket live;
    private final Caller caller;
    private final Context context;
    private final ServerWebSocket socket;
    private final Map<Long, TabSubscription> channels = new LinkedHashMap<>();
    private int unanswered;
    private long unansweredLength;
    private final Intake.Share share;
    /** Of the frame that is being dispatched. */
    private int arriving;

    private boolean paused;
    private long unsent;
    private long allowance = MOST_UNSENT;
    private boolean lagging;
    private boolean closed;

    TabSession(LiveSocket live, Caller caller, Context context, ServerWebSocket socket) {
        this.live = live;
        this.caller = caller;
        this.context = context;
        this.socket = socket;
        this.share = live.intake().share();
    }

    Caller caller() {
        return caller;
    }

    void onLoop(Runnable work) {
        context.runOnContext(now -> work.run());
    }

    void open() {
        socket.textMessageHandler(this::received);
        socket.binaryMessageHandler(bytes -> refuse(null, ApiException.invalid("Frames are text")));
        socket.exceptionHandler(e -> LOG.atDebug().setCause(e).log("A tab's socket failed"));
        socket.closeHandler(nothing -> closed());
    }

    private void received(String text) {
        // Taken for as long as the frame is read, and by began() until it is answered.
        if (!share.take(text.length())) {
            close();
            return;
        }
        arriving = text.length();
        try {
            read(text);
        } finally {
            share.giveBack(arriving);
            arriving = 0;
        }
    }

    private void read(String text) {
        JsonNode frame;
        try {
            frame = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            refuse(null, new ApiException(ErrorCode.MALFORMED_REQUEST, "The frame is not valid JSON", e));
            return;
        }
        try {
            dispatch(frame);
        } catch (RuntimeException e) {
            refuse(frame.path("ch").isTextual() ? frame.path("ch").textValue() : null, failure(e));
        }
    }

    private void dispatch(@Nullable JsonNode frame) {
        if (frame == null || !frame.isObject() || !frame.path("t").isTextual()) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "A frame is an object with a field t");
        }
        String type = frame.path("t").textValue();
        if (type.equals("ping")) {
            ObjectNode pong = Json.MAPPER.createObjectNode().put("t", "pong");
            if (frame.path("ch").isTextual()) {
                pong.set("ch", frame.path("ch"));
            }
            write(JsonAnswer.text(pong));
            return;
        }
        long notebookId = notebook(frame.path("ch"));
        TabSubscription tab = channels.get(notebookId);
        if (type.equals("sub")) {
            if (tab == null) {
                if (channels.size() >= MOST_CHANNELS) {
                    throw new ApiException(
                            ErrorCode.REQUEST_LIMIT_EXCEEDED, "A tab has at most " + MOST_CHANNELS + " notebooks open");
                }
                tab = new TabSubscription(this, notebookId);
                channels.put(notebookId, tab);
            }
            live.subscribe(this, tab, frame);
        } else if (tab == null) {
            if (!type.equals("unsub")) {
                throw new ApiException(ErrorCode.INVALID_STATE, "Subscribe to " + Channels.name(notebookId) + " first");
            }
        } else if (type.equals("unsub")) {
            drop(tab);
        } else {
            live.handle(this, tab, type, frame);
        }
    }

    private static long notebook(JsonNode channel) {
        String name = channel.isTextual() ? channel.textValue() : "";
        try {
            if (name.startsWith("nb:")) {
                return Long.parseLong(name.substring(3));
            }
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "Field ch names no notebook", e);
        }
        throw ApiException.invalid("Field ch must be nb:<object id>");
    }

    void denied(long notebookId, String frame, String reason) {
        live.denied(caller, notebookId, frame, reason);
    }

    /** Answers a frame that could not be handled. */
    void refuse(@Nullable String channel, ApiException why) {
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "error");
        if (channel != null) {
            frame.put("ch", channel);
        }
        write(JsonAnswer.text(
                frame.put("error_code", why.code().name()).put("message", String.valueOf(why.getMessage()))));
    }

    static ApiException failure(Throwable e) {
        ApiException known = Errors.translate(e);
        if (known.code() == ErrorCode.INTERNAL_ERROR) {
            LOG.atError().setCause(e).log("Unexpected failure of a frame");
        }
        return known;
    }

    /** One more frame is being worked on; answers its length, for {@link #finished}. */
    int began() {
        int length = arriving;
        arriving = 0;
        unanswered++;
        unansweredLength += length;
        if (!paused && (unanswered >= MOST_UNANSWERED || unansweredLength >= LONGEST_UNANSWERED)) {
            paused = true;
            socket.pause();
        }
        return length;
    }

    void finished(int length) {
        share.giveBack(length);
        unanswered--;
        unansweredLength -= length;
        if (paused && unanswered <= FEW_UNANSWERED && unansweredLength < LONGEST_UNANSWERED && !closed) {
            paused = false;
            socket.resume();
        }
    }

    /** Sends now, or not at all when the tab lags; on the event loop. */
    void write(String text) {
        if (closed || lagging) {
            return;
        }
        if (unsent > allowance) {
            lagging = true;
            live.later(LONGEST_LAG_MS, () -> {
                if (lagging && !closed) {
                    close();
                }
            });
            return;
        }
        if (text.length() > allowance / 2) {
            allowance = MOST_UNSENT + text.length() * 2L;
        }
        unsent += text.length();
        socket.writeTextMessage(text).onComplete(done -> onLoop(() -> sent(text.length())));
    }

    private void sent(int length) {
        unsent -= length;
        if (unsent < FEW_UNSENT) {
            allowance = MOST_UNSENT;
            if (lagging && !closed) {
                lagging = false;
                List.copyOf(channels.values()).forEach(tab -> live.resynchronize(this, tab));
            }
        }
    }

    void drop(TabSubscription tab) {
        channels.remove(tab.notebookId(), tab);
        tab.ended();
        live.left(tab);
    }

    /** The tab comes back by itself, with everything that was not answered. */
    void close() {
        if (!closed) {
            socket.close(TRY_AGAIN_LATER, "Try again later");
        }
    }

    private void closed() {
        closed = true;
        List.copyOf(channels.values()).forEach(this::drop);
        live.ended(this);
    }
}
