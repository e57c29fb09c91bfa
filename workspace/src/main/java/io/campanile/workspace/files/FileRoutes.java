package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Requires;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobChangedException;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The wire shape of {@code /api/2.0/fs/files}: contents are streamed, and the headers of HTTP say what is expected. */
public final class FileRoutes {
    private static final String PREFIX = "/api/2.0/fs/files";
    private static final int LOOKS = 4;

    private final FileService files;
    private final Transfers transfers;
    private final Staging staging;
    private final Blocking blocking;
    private final long limit;

    /** {@code limit}: bytes of a file. */
    public FileRoutes(FileService files, Transfers transfers, Staging staging, Blocking blocking, long limit) {
        this.files = requireNonNull(files, "files");
        this.transfers = requireNonNull(transfers, "transfers");
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
                .eventually(() -> blocking.call(() -> Files.deleteIfExists(content)))
                .compose(blob -> {
                    describe(context.response(), blob);
                    return context.response().setStatusCode(204).end();
                });
    }

    private Future<Void> get(Caller caller, RoutingContext context) {
        return blocking.call(() -> open(caller, context)).compose(opened -> {
            HttpServerResponse response = context.response();
            describe(response, opened.blob());
            if (opened.content().isEmpty()) {
                return response.setStatusCode(304).end();
            }
            ByteRange range = opened.range();
            // Never shown in the application's own origin, whatever it is.
            response.putHeader("Content-Type", "application/octet-stream")
                    .putHeader("Content-Disposition", "attachment")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                    .putHeader("Content-Length", Long.toString(range.length()));
            if (range.part()) {
                response.setStatusCode(206)
                        .putHeader(
                                "Content-Range",
                                range.contentRange(opened.blob().size()));
            }
            return transfers.send(caller, opened.content().get(), context.request());
        });
    }

    /** Looks the file up and opens what is asked of it; again, when it is replaced in between. */
    private Opened open(Caller caller, RoutingContext context) throws IOException {
        HttpServerRequest request = context.request();
        BlobPath path = RawPath.of(context, PREFIX);
        for (int look = 1; ; look++) {
            Blob blob = file(caller, path);
            if (Conditions.unchanged(request, blob)) {
                return new Opened(blob, new ByteRange(0, 0, false), Optional.empty());
            }
            String asked = Conditions.rangeApplies(request, blob) ? request.getHeader("Range") : null;
            ByteRange range = ByteRange.of(asked, blob.size()).orElseThrow(() -> {
                context.response().putHeader("Content-Range", "bytes */" + blob.size());
                return new ApiException(ErrorCode.RANGE_NOT_SATISFIABLE, "The file has only " + blob.size() + " bytes");
            });
            try {
                return new Opened(blob, range, Optional.of(files.read(caller, blob, range.from(), range.length())));
            } catch (BlobChangedException e) {
                if (look == LOOKS) {
                    throw BlobErrors.translate(e);
                }
            } catch (IOException e) {
                throw BlobErrors.translate(e);
            }
        }
    }

    private Future<Void> head(Caller caller, RoutingContext context) {
        return blocking.call(() -> {
                    Blob blob = file(caller, RawPath.of(context, PREFIX));
                    return new Opened(
                            blob,
                            new ByteRange(0, Conditions.unchanged(context.request(), blob) ? -1 : blob.size(), false),
                            Optional.empty());
                })
                .compose(opened -> {
                    HttpServerResponse response = context.response();
                    describe(response, opened.blob());
                    if (opened.range().length() < 0) {
                        return response.setStatusCode(304).end();
                    }
                    return response.putHeader("Content-Type", "application/octet-stream")
                            .putHeader(
                                    "Content-Length",
                                    Long.toString(opened.blob().size()))
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

    private Blob file(Caller caller, BlobPath path) {
        return files.find(caller, path)
                .filter(blob -> !blob.folder())
                .orElseThrow(() -> ApiException.notFound("The file " + path + " does not exist"));
    }

    private static void describe(HttpServerResponse response, Blob blob) {
        response.putHeader("ETag", Conditions.quoted(blob))
                .putHeader("Last-Modified", Conditions.lastModified(blob))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Cache-Control", "private, no-cache");
    }

    private record Target(BlobPath path, Expected expected) {}

    /** Without content when the client has it already. */
    private record Opened(Blob blob, ByteRange range, Optional<InputStream> content) {}
}
