package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Files;
import java.nio.file.Path;

/** The wire shape of {@code /api/2.0/fs/files}: contents are streamed, and the headers of HTTP say what is expected. */
public final class FileRoutes {
    private static final String PREFIX = "/api/2.0/fs/files";

    private final FileService files;
    private final Transfers transfers;
    private final Downloads downloads;
    private final Staging staging;
    private final Blocking blocking;
    private final long limit;

    /** {@code limit}: bytes of a file. */
    public FileRoutes(FileService files, Transfers transfers, Staging staging, Blocking blocking, long limit) {
        this.files = requireNonNull(files, "files");
        this.transfers = requireNonNull(transfers, "transfers");
        this.downloads = new Downloads(files, transfers);
        this.staging = requireNonNull(staging, "staging");
        this.blocking = requireNonNull(blocking, "blocking");
        this.limit = limit;
    }

    public void mount(Endpoints api) {
        String all = PREFIX + "/*";
        api.async(HttpMethod.PUT, all, Requires.object("files.upload", "file"), this::put);
        api.async(HttpMethod.GET, all, Requires.object("files.download", "file"), this::get);
        api.async(HttpMethod.HEAD, all, Requires.object("files.get-metadata", "file"), this::head);
        api.async(HttpMethod.DELETE, all, Requires.object("files.delete", "file"), this::delete);
    }

    private Future<Void> put(Caller caller, RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause();
        Path content = staging.passing();
        return blocking.call(() -> {
                    BlobPath path = RawPath.of(context, PREFIX);
                    Expected expected =
                            Conditions.expected(request, Boolean.parseBoolean(request.getParam("overwrite")));
                    files.requirePlace(caller, path, expected);
                    return new Target(path, expected);
                })
                .compose(target -> transfers
                        .receive(caller, request, content, 0, limit)
                        .compose(size -> blocking.call(
                                () -> files.place(caller, target.path(), content, target.expected(), tx -> {}))))
                .onFailure(refused -> Transfers.discard(request))
                .eventually(() -> blocking.end(() -> Files.deleteIfExists(content)))
                .compose(blob -> {
                    Downloads.describe(context.response(), blob);
                    return context.response().setStatusCode(204).end();
                });
    }

    private Future<Void> get(Caller caller, RoutingContext context) {
        return blocking.call(() -> downloads.open(caller, context, RawPath.of(context, PREFIX)))
                .compose(opened -> downloads.answer(context, opened));
    }

    private Future<Void> head(Caller caller, RoutingContext context) {
        return blocking.call(() -> {
                    Blob blob = downloads.file(caller, RawPath.of(context, PREFIX));
                    return new Found(blob, Conditions.unchanged(context.request(), blob));
                })
                .compose(found -> {
                    HttpServerResponse response = context.response();
                    Downloads.describe(response, found.blob());
                    if (found.unchanged()) {
                        return response.setStatusCode(304).end();
                    }
                    return response.putHeader("Content-Type", "application/octet-stream")
                            .putHeader(
                                    "Content-Length", Long.toString(found.blob().size()))
                            .end();
                });
    }

    private Future<Void> delete(Caller caller, RoutingContext context) {
        return blocking.call(() -> {
                    BlobPath path = RawPath.of(context, PREFIX);
                    files.deleteFile(caller, path, Conditions.expected(context.request(), true));
                    return true;
                })
                .compose(deleted -> context.response().setStatusCode(204).end());
    }

    private record Target(BlobPath path, Expected expected) {}

    private record Found(Blob blob, boolean unchanged) {}
}
