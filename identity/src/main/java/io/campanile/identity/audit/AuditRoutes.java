package io.campanile.identity.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.audit.AuditEvent;
import io.campanile.common.audit.AuditPosition;
import io.campanile.common.audit.AuditQuery;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/campanile/v1/audit}: pages for people, JSON lines for archives. */
public final class AuditRoutes {
    private static final String AUDIT = "/api/campanile/v1/audit";
    private static final int PAGE = 50;
    private static final int PIECE = 200;

    private final AuditService audit;
    private final Blocking blocking;

    public AuditRoutes(AuditService audit, Blocking blocking) {
        this.audit = requireNonNull(audit, "audit");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.get(AUDIT, Requires.admin("audit.list", "audit"), this::page);
        api.async(HttpMethod.GET, AUDIT + "/export", Requires.admin("audit.export", "audit"), this::export);
    }

    private Page page(Caller caller, RoutingContext context) {
        AuditService.Page found = audit.page(caller, query(context));
        AuditPosition next = found.next();
        return new Page(found.events().stream().map(Shown::of).toList(), next == null ? null : next.toString());
    }

    private Future<Void> export(Caller caller, RoutingContext context) {
        AuditService.Reading reading = audit.read(caller, query(context));
        HttpServerResponse response = context.response();
        // The first piece is read before the head is sent: what fails until then is answered as any failure.
        return blocking.call(() -> lines(reading)).compose(first -> {
            response.setChunked(true)
                    .putHeader("Content-Type", "application/x-ndjson")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Disposition", "attachment; filename=\"audit.jsonl\"");
            return send(response, reading, first);
        });
    }

    /** One piece after the other, as fast as the reader takes them. */
    private Future<Void> send(HttpServerResponse response, AuditService.Reading reading, String piece) {
        if (piece.isEmpty()) {
            return response.end();
        }
        return response.write(piece)
                .compose(written -> drained(response))
                .compose(ready -> blocking.call(() -> lines(reading)))
                .compose(next -> send(response, reading, next));
    }

    private static String lines(AuditService.Reading reading) {
        StringBuilder lines = new StringBuilder();
        for (AuditEvent event : reading.next(PIECE)) {
            lines.append(Json.write(Shown.of(event))).append('\n');
        }
        return lines.toString();
    }

    private static Future<Void> drained(HttpServerResponse response) {
        if (!response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        response.drainHandler(promise::tryComplete);
        response.exceptionHandler(promise::tryFail);
        return promise.future();
    }

    private static AuditQuery query(RoutingContext context) {
        return AuditQuery.read(context.request().params(), "page_token", "page_size", PAGE);
    }

    record Page(List<Shown> events, @Nullable String nextPageToken) {}

    record Shown(
            String service,
            long eventId,
            long at,
            long userId,
            String userName,
            @Nullable String via,
            String action,
            String resource,
            String outcome,
            String requestId,
            JsonNode details) {
        static Shown of(AuditEvent event) {
            return new Shown(
                    event.service(),
                    event.eventId(),
                    event.atMicros() / 1_000,
                    event.userId(),
                    event.userName(),
                    event.via(),
                    event.action(),
                    event.resource(),
                    event.outcome(),
                    event.requestId(),
                    event.details());
        }
    }
}
