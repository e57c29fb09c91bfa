package io.campanile.notebooks.attachments;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.Permission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The wire of attachments: raw bytes up, raw bytes down with headers that keep them from doing anything. */
public final class AttachmentRoutes {
    private static final String ALL = "/api/campanile/v1/notebooks/:object_id/attachments";
    private final NotebookAccess access;
    private final Attachments attachments;
    private final Blocking blocking;

    public AttachmentRoutes(NotebookAccess access, Attachments attachments, Blocking blocking) {
        this.access = requireNonNull(access, "access");
        this.attachments = requireNonNull(attachments, "attachments");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.async(HttpMethod.POST, ALL, Requires.object("notebooks.attach", "notebook"), this::add);
        api.async(HttpMethod.GET, ALL + "/:attachment_id", Requires.object("notebooks.read", "notebook"), this::get);
    }

    private Future<Void> add(Caller caller, RoutingContext context) {
        long id = Endpoints.longParam(context, "object_id");
        return body(context.request(), attachments.limit())
                .compose(bytes -> blocking.call(() -> {
                    access.of(caller, id).require(Permission.CAN_EDIT);
                    return attachments.add(caller, id, bytes.getBytes());
                }))
                .compose(attachment -> {
                    String url = "/api/campanile/v1/notebooks/" + id + "/attachments/" + attachment;
                    return context.response()
                            .putHeader("Content-Type", "application/json")
                            .end(Json.write(Map.of("attachment_id", attachment, "url", url)));
                });
    }

    private Future<Void> get(Caller caller, RoutingContext context) {
        long id = Endpoints.longParam(context, "object_id");
        String attachment = ApiException.require(context.pathParam("attachment_id"), "attachment_id");
        return blocking.call(() -> {
                    access.of(caller, id).require(Permission.CAN_READ);
                    return attachments.find(caller, id, attachment);
                })
                .compose(stored -> context.response()
                        .putHeader("Content-Type", stored.type().wire())
                        .putHeader("Content-Disposition", stored.type().inline() ? "inline" : "attachment")
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                        .putHeader("Cache-Control", "private, max-age=31536000, immutable")
                        .sendFile(stored.file().toString()));
    }

    /** Collects the body, no more of it than allowed. */
    private static Future<Buffer> body(HttpServerRequest request, long limit) {
        ApiException tooLarge =
                new ApiException(ErrorCode.REQUEST_TOO_LARGE, "An attachment has at most " + limit + " bytes");
        Promise<Buffer> promise = Promise.promise();
        Buffer collected = Buffer.buffer();
        request.handler(piece -> {
            if (collected.length() + (long) piece.length() > limit) {
                promise.tryFail(tooLarge);
            } else {
                collected.appendBuffer(piece);
            }
        });
        request.endHandler(end -> promise.tryComplete(collected));
        request.exceptionHandler(promise::tryFail);
        return promise.future();
    }
}
