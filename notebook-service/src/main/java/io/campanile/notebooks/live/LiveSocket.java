package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.concurrent.Intake;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.access.WorkspaceClient;
import io.campanile.notebooks.documents.Documents;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /ws/v1}: what a tab may ask on a notebook's channel, in which order it is done, and who answers. */
public final class LiveSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSocket.class);
    private static final long RECHECK_MS = 60_000;
    /** Those who lose access are to be told within five seconds. */
    private static final long WATCH_MS = 2_000;

    private final Vertx vertx;
    private final Blocking blocking;
    private final Channels channels;
    private final NotebookAccess access;
    private final Snapshots snapshots;
    private final OpFrames ops;
    private final Map<String, ChannelFeature> features = new HashMap<>();
    private final Set<TabSession> sessions = ConcurrentHashMap.newKeySet();
    private final long recheck;
    private final long watch;
    private final AccessWatch changes;
    private final Endpoints.Denials denials;
    /** What tabs sent and is not answered yet: a frame costs several times its length while it is read and written. */
    private final Intake intake = new Intake(Runtime.getRuntime().maxMemory() / 16);

    public LiveSocket(
            Vertx vertx,
            Channels channels,
            NotebookAccess access,
            Documents documents,
            Snapshots snapshots,
            Guard guard,
            List<ChannelFeature> features) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.channels = requireNonNull(channels, "channels");
        this.access = requireNonNull(access, "access");
        this.snapshots = requireNonNull(snapshots, "snapshots");
        this.ops = new OpFrames(documents);
        this.blocking = new Blocking(vertx, "notebook-live", 12, 8192);
        features.forEach(feature -> feature.frames().forEach(type -> this.features.put(type, feature)));
        this.denials = guard.denials();
        this.changes = new AccessWatch(guard.workspace());
        this.recheck = vertx.setPeriodic(RECHECK_MS, timer -> recheck(channels.everybody()));
        this.watch = vertx.setPeriodic(WATCH_MS, timer -> watch());
    }

    /** Who says that access changed, and who keeps what was refused. */
    public record Guard(WorkspaceClient workspace, Endpoints.Denials denials) {
        public Guard {
            requireNonNull(workspace, "workspace");
            requireNonNull(denials, "denials");
        }
    }

    public void mount(Endpoints api) {
        api.socket("/ws/v1", Requires.user("notebooks.live", "notebook"), this::opened);
    }

    private void opened(Caller caller, RoutingContext request, ServerWebSocket socket) {
        TabSession session = new TabSession(this, caller, vertx.getOrCreateContext(), socket);
        sessions.add(session);
        session.open();
    }

    Intake intake() {
        return intake;
    }

    void ended(TabSession session) {
        sessions.remove(session);
    }

    void left(TabSubscription tab) {
        channels.leave(tab);
    }

    void later(long milliseconds, Runnable work) {
        vertx.setTimer(milliseconds, timer -> work.run());
    }

    /** Begins a subscription, or answers a new one of the same tab. */
    void subscribe(TabSession session, TabSubscription tab, JsonNode frame) {
        long revision = frame.path("rev").asLong(0);
        Map<Long, Long> seen = seen(frame.path("runs"));
        int length = session.began();
        tab.tail = tab.tail
                .compose(done -> tab.answered)
                .compose(done -> show(session, tab, revision, seen))
                .onComplete(done -> session.onLoop(() -> session.finished(length)))
                .otherwiseEmpty();
    }

    /** A tab that had to be left out has caught up. */
    void resynchronize(TabSession session, TabSubscription tab) {
        subscribe(session, tab, Json.MAPPER.createObjectNode().put("rev", 0));
    }

    private Future<Void> show(TabSession session, TabSubscription tab, long revision, Map<Long, Long> seen) {
        if (tab.over()) {
            return Future.succeededFuture();
        }
        tab.hold();
        channels.join(tab);
        return blocking.call(() -> {
                    ObjectAccess granted = access.fresh(tab.caller(), tab.notebookId());
                    tab.grant(granted);
                    Snapshots.View view = snapshots.resume(tab.caller(), granted, revision, seen);
                    return new Delivery(tab.encode(view.frame()), view.revision());
                })
                .compose(first -> {
                    if (!tab.live(first.text(), first.revision())) {
                        return show(session, tab, 0, Map.of());
                    }
                    channels.presence(tab.key());
                    return Future.<Void>succeededFuture();
                })
                .onFailure(e -> refused(session, tab, TabSession.failure(e)));
    }

    private static void refused(TabSession session, TabSubscription tab, ApiException why) {
        if (why.code().httpStatus() >= 500) {
            LOG.atWarn()
                    .addKeyValue("notebookId", tab.notebookId())
                    .setCause(why)
                    .log("A subscription failed; the tab is asked to come back");
            session.close();
        } else {
            tab.end(why);
        }
    }

    /** Any other frame. Operations are only handed over in order; everything else waits until they are committed. */
    void handle(TabSession session, TabSubscription tab, String type, JsonNode frame) {
        int length = session.began();
        if (type.equals("op")) {
            tab.tail = tab.tail.compose(done -> {
                Future<Void> answer = tab.granted() ? ops.handle(session, tab, frame) : Future.<Void>succeededFuture();
                tab.answered = answer.onComplete(any -> session.onLoop(() -> session.finished(length)));
                return Future.succeededFuture();
            });
            return;
        }
        ChannelFeature feature = features.get(type);
        if (feature == null) {
            session.finished(length);
            throw ApiException.invalid("Field t has an unknown value");
        }
        tab.tail = tab.tail
                .compose(done -> tab.answered)
                .compose(done -> blocking.call(() -> {
                    if (tab.granted()) {
                        feature.handle(tab, frame);
                    }
                    return Boolean.TRUE;
                }))
                .onFailure(e -> session.onLoop(() -> {
                    ApiException why = TabSession.failure(e);
                    if (why.code() == ErrorCode.PERMISSION_DENIED) {
                        tab.denied(type, String.valueOf(why.getMessage()));
                    }
                    session.refuse(Channels.name(tab.notebookId()), why);
                }))
                .onComplete(done -> session.onLoop(() -> session.finished(length)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private static Map<Long, Long> seen(JsonNode runs) {
        Map<Long, Long> seen = new HashMap<>();
        runs.properties().forEach(entry -> {
            try {
                seen.put(Long.parseLong(entry.getKey()), entry.getValue().asLong(0));
            } catch (NumberFormatException e) {
                throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "Field runs has a key that is no run id", e);
            }
        });
        return seen;
    }

    /** A frame was refused for want of a permission; on the event loop. */
    void denied(Caller caller, long notebookId, String frame, String reason) {
        Caller doing = caller.doing("notebooks." + frame);
        blocking.call(() -> {
                    denials.refused(doing, "notebook/" + notebookId, reason);
                    return Boolean.TRUE;
                })
                .onFailure(lost -> LOG.atError().setCause(lost).log("A refusal could not be written to the audit log"));
    }

    /** Looks again at the tabs of workspaces in which access changed. */
    private void watch() {
        List<TabSubscription> tabs = channels.everybody();
        blocking.call(() -> changes.affected(tabs))
                .onSuccess(this::recheck)
                .onFailure(e -> LOG.atDebug().setCause(e).log("Changes of access cannot be asked for at the moment"));
    }

    /** People lose access, and are told. */
    private void recheck(List<TabSubscription> tabs) {
        for (TabSubscription tab : tabs) {
            blocking.call(() -> {
                        ObjectAccess now = access.again(tab.caller(), tab.notebookId());
                        now.require(Permission.CAN_READ);
                        tab.grant(now);
                        return Boolean.TRUE;
                    })
                    .onFailure(e -> {
                        ErrorCode code = TabSession.failure(e).code();
                        if (code == ErrorCode.RESOURCE_DOES_NOT_EXIST || code == ErrorCode.PERMISSION_DENIED) {
                            tab.end("You no longer have access to this notebook");
                        }
                    });
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(recheck);
        vertx.cancelTimer(watch);
        sessions.forEach(session -> session.onLoop(session::close));
        blocking.close();
    }
}
