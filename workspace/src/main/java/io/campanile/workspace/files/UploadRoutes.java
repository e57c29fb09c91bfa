package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resumable uploads, our own API: begin, put parts, complete. docs/contracts.md says how a client goes on after a break. */
public final class UploadRoutes {
    private static final String ALL = "/api/campanile/v1/files/uploads";
    private static final String ONE = ALL + "/:upload_id";
    private static final Upload.Kind KIND = Upload.Kind.SESSION;
    private static final int LONGEST_TAG = 128;

    private final UploadService uploads;
    private final Transfers transfers;
    private final Blocking blocking;

    public UploadRoutes(UploadService uploads, Transfers transfers, Blocking blocking) {
        this.uploads = requireNonNull(uploads, "uploads");
        this.transfers = requireNonNull(transfers, "transfers");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.post(ALL, Requires.object("uploads.begin", "file"), Begin.class, (caller, body) -> {
            Expected expected = Boolean.TRUE.equals(body.overwrite()) ? Expected.ANYTHING : Expected.NOTHING;
            return view(uploads.begin(
                    caller,
                    KIND,
                    BlobPath.parse(body.path(), "path"),
                    body.ifMatch() == null
                            ? expected
                            : new Expected.Tagged(body.ifMatch().replace("\"", "")),
                    body.size()));
        });
        api.get(
                ONE,
                Requires.object("uploads.get", "file"),
                (caller, context) -> view(uploads.get(caller, KIND, id(context))));
        api.async(HttpMethod.PUT, ONE, Requires.object("uploads.put-part", "file"), this::part);
        api.handle(
                HttpMethod.POST,
                ONE + "/complete",
                Requires.object("uploads.complete", "file"),
                (caller, context) -> view(uploads.complete(caller, KIND, id(context))));
        api.handle(HttpMethod.DELETE, ONE, Requires.object("uploads.abort", "file"), (caller, context) -> {
            uploads.abort(caller, KIND, id(context));
            return Map.of();
        });
    }

    private Future<Void> part(Caller caller, RoutingContext context) {
        context.request().pause();
        return received(caller, context);
    }

    /** Takes the part that is the body of a paused request. */
    Future<Void> received(Caller caller, RoutingContext context) {
        HttpServerRequest request = context.request();
        return blocking.call(() -> uploads.claimAt(caller, id(context), Endpoints.longParam(context, "offset")))
                .compose(claim -> transfers
                        .receive(
                                caller, request, claim.content(), claim.upload().received(), claim.room())
                        .transform(received -> blocking.end(() -> uploads.partEnded(caller, claim))
                                .compose(upload -> received.failed()
                                        ? Future.failedFuture(received.cause())
                                        : Future.succeededFuture(upload))))
                .onFailure(refused -> Transfers.discard(request))
                .compose(upload -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.write(view(upload))));
    }

    static long id(RoutingContext context) {
        return Endpoints.longParam(context, "upload_id");
    }

    static View view(Upload upload) {
        return new View(
                Long.toString(upload.uploadId()),
                upload.path().toString(),
                upload.size(),
                upload.received(),
                upload.expiresAt().toEpochMilli());
    }

    static Map<String, Object> view(Blob blob) {
        return Map.of("path", blob.path().toString(), "size", blob.size(), "etag", blob.etag());
    }

    record Begin(
            String path,
            @Nullable Long size,
            @Nullable Boolean overwrite,
            @Nullable String ifMatch) {
        Begin {
            ApiException.require(path, "path");
            if (ifMatch != null && ifMatch.length() > LONGEST_TAG) {
                throw ApiException.invalid("if_match has at most " + LONGEST_TAG + " characters");
            }
        }
    }

    record View(String uploadId, String path, @Nullable Long size, long received, long expiresAt) {}
}
