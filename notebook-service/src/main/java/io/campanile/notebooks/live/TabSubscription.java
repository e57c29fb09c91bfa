package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.documents.JsonAnswer;
import io.campanile.notebooks.documents.NotebookKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One notebook in one tab. What is not volatile belongs to the event loop of the tab's socket. */
final class TabSubscription implements Subscription {
    private static final int MOST_HELD = 20_000;
    /** A page that types on where it may not is one refusal, not one for each letter. */
    private static final long QUIET_NANOS = 10_000_000_000L;
    /** What was asked, by what answers it. */
    private static final Map<String, String> REFUSED = Map.of("nack", "op", "run_nack", "run");

    private final TabSession session;
    private final NotebookKey key;
    private volatile @Nullable ObjectAccess access;
    /** Frames that came while the snapshot was being made; null once the tab is live. */
    private @Nullable List<Delivery> held = new ArrayList<>();

    private boolean tooMuchHeld;
    private boolean ended;
    private long lastDenied;
    /** Ends when everything this tab asked for so far has been begun, in order. */
    Future<Void> tail = Future.succeededFuture();
    /** Ends when every operation of this tab so far has been answered. */
    Future<Void> answered = Future.succeededFuture();

    TabSubscription(TabSession session, long notebookId) {
        this.session = session;
        this.key = new NotebookKey(session.caller().workspaceId(), notebookId);
    }

    NotebookKey key() {
        return key;
    }

    @Override
    public Caller caller() {
        return session.caller();
    }

    @Override
    public long notebookId() {
        return key.notebookId();
    }

    @Override
    public ObjectAccess access() {
        return requireNonNull(access, "Not subscribed yet");
    }

    boolean granted() {
        return access != null;
    }

    void grant(ObjectAccess known) {
        access = known;
    }

    @Override
    public void send(ObjectNode frame) {
        if (ErrorCode.PERMISSION_DENIED.name().equals(frame.path("error_code").textValue())) {
            String reason = frame.path("message").asText();
            String type = frame.path("t").asText();
            session.onLoop(() -> denied(REFUSED.getOrDefault(type, type), reason));
        }
        String text = encode(frame);
        session.onLoop(() -> {
            if (!ended) {
                session.write(text);
            }
        });
    }

    /** Keeps a refusal, one of many in a row; on the event loop. */
    void denied(String frame, String reason) {
        long now = System.nanoTime();
        if (lastDenied == 0 || now - lastDenied > QUIET_NANOS) {
            lastDenied = now;
            session.denied(key.notebookId(), frame, reason);
        }
    }

    String encode(ObjectNode frame) {
        return JsonAnswer.text(frame.put("ch", Channels.name(key.notebookId())));
    }

    /** A broadcast frame; any thread. */
    void deliver(Delivery delivery) {
        session.onLoop(() -> {
            if (ended) {
                return;
            }
            if (held == null) {
                session.write(delivery.text());
            } else if (held.size() < MOST_HELD) {
                held.add(delivery);
            } else {
                tooMuchHeld = true;
            }
        });
    }

    /** Keeps what comes until {@link #live}; on the event loop. */
    void hold() {
        if (held == null) {
            held = new ArrayList<>();
        }
    }

    /** The snapshot or what was missed, then what came meanwhile. False when too much came: make another one. */
    boolean live(String first, long revision) {
        if (tooMuchHeld) {
            tooMuchHeld = false;
            held = new ArrayList<>();
            return false;
        }
        List<Delivery> waiting = held == null ? List.of() : held;
        held = null;
        if (ended) {
            return true;
        }
        session.write(first);
        for (Delivery delivery : waiting) {
            if (delivery.revision() > revision) {
                session.write(delivery.text());
            }
        }
        return true;
    }

    /** What this tab knows may not be all there is: it is to connect again; any thread. */
    void comeBack() {
        session.onLoop(session::close);
    }

    /** The notebook is gone for this tab; any thread. */
    void end(String message) {
        end(Json.MAPPER.createObjectNode().put("t", "gone").put("message", message));
    }

    /** It is there, but not for this tab. */
    void end(ApiException why) {
        end(Json.MAPPER
                .createObjectNode()
                .put("t", "gone")
                .put("error_code", why.code().name())
                .put("message", why.getMessage()));
    }

    private void end(ObjectNode frame) {
        session.onLoop(() -> {
            if (!ended) {
                session.write(encode(frame));
                session.drop(this);
            }
        });
    }

    boolean over() {
        return ended;
    }

    /** No frame leaves after this; on the event loop. */
    void ended() {
        ended = true;
        held = null;
    }
}
