package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.notebooks.access.WorkspaceClient;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the workspace service which notebooks changed: every ten seconds, again while it does not answer. */
public final class TouchNotifier implements CommitListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TouchNotifier.class);
    private static final long EVERY_MS = 10_000;
    private final Vertx vertx;
    private final WorkspaceClient workspace;
    private final Map<NotebookKey, Touch> due = new ConcurrentHashMap<>();
    private final long timer;

    private record Touch(Instant at, @Nullable String language) {
        Touch and(Touch later) {
            return new Touch(at.isAfter(later.at) ? at : later.at, later.language == null ? language : later.language);
        }
    }

    public TouchNotifier(Vertx vertx, WorkspaceClient workspace) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.workspace = requireNonNull(workspace, "workspace");
        this.timer = vertx.setPeriodic(EVERY_MS, tick -> flush());
    }

    @Override
    public void committed(long workspaceId, long notebookId, List<OpEvent> events) {
        Touch touch = null;
        for (OpEvent event : events) {
            boolean language = event.op().path("kind").asText().equals("language");
            Touch one = new Touch(event.at(), language ? event.op().path("lang").asText() : null);
            touch = touch == null ? one : touch.and(one);
        }
        if (touch != null) {
            due.merge(new NotebookKey(workspaceId, notebookId), touch, Touch::and);
        }
    }

    @Override
    public void doubted(long workspaceId, long notebookId) {}

    @Override
    public void deleted(long workspaceId, long notebookId) {
        due.remove(new NotebookKey(workspaceId, notebookId));
    }

    private void flush() {
        if (due.isEmpty()) {
            return;
        }
        vertx.executeBlocking(
                () -> {
                    for (NotebookKey key : List.copyOf(due.keySet())) {
                        tell(key);
                    }
                    return Boolean.TRUE;
                },
                true);
    }

    private void tell(NotebookKey key) {
        Touch touch = due.remove(key);
        if (touch == null) {
            return;
        }
        try {
            workspace.touched(key.workspaceId(), key.notebookId(), touch.at(), touch.language());
        } catch (ApiException e) {
            boolean later = e.code().httpStatus() >= 500;
            LOG.atDebug()
                    .addKeyValue("notebookId", key.notebookId())
                    .addKeyValue("later", later)
                    .log("The workspace service was not told of a change");
            if (later) {
                due.merge(key, touch, (newer, older) -> older.and(newer));
            }
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
