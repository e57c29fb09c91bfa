package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.files.ByteRange;
import io.campanile.workspace.files.Conditions;
import io.campanile.workspace.files.Transfers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wire shape of {@code /api/campanile/v1/objects/{id}/content}: the bytes of files, streamed. A PUT to a file
 * replaces its content; to a folder, with a name, it makes a file in it, or a folder of an archive.
 */
public final class ContentRoutes {
    private static final String CONTENT = "/api/campanile/v1/objects/:id/content";

    private final UploadService uploads;
    private final FileEntries files;
    private final Tree tree;
    private final Transfers transfers;
    private final Blocking blocking;

    public ContentRoutes(UploadService uploads, FileEntries files, Tree tree, Transfers transfers, Blocking blocking) {
        this.uploads = requireNonNull(uploads, "uploads");
        this.files = requireNonNull(files, "files");
        this.tree = requireNonNull(tree, "tree");
        this.transfers = requireNonNull(transfers, "transfers");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.async(HttpMethod.PUT, CONTENT, Requires.object("objects.upload", "file"), this::put);
        api.async(HttpMethod.GET, CONTENT, Requires.object("objects.download", "file"), this::get);
    }

    private Future<Void> put(Caller caller, RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause();
        Path draft = files.draft();
        return blocking.call(() -> uploads.accept(caller, asked(context)))
                .compose(upload -> transfers
                        .receive(caller, request, draft, 0, FileEntries.MAX_BYTES)
                        .compose(size -> blocking.call(() -> {
                            Located made = uploads.complete(caller, upload, draft);
                            return new Answer(
                                    made,
                                    Json.MAPPER.writeValueAsBytes(ObjectView.of(made, tree.permission(caller, made))));
                        })))
                .onFailure(refused -> Transfers.discard(request))
                .eventually(() -> blocking.end(() -> Files.deleteIfExists(draft)))
                .compose(answer -> {
                    HttpServerResponse response = context.response().putHeader("Content-Type", "application/json");
                    if (answer.made().object().content() != null) {
                        response.putHeader("ETag", Conditions.quoted(blob(answer.made())));
                    }
                    return response.end(Buffer.buffer(answer.json()));
                });
    }

    private static UploadService.Asked asked(RoutingContext context) {
        HttpServerRequest request = context.request();
        Expected expected = Conditions.expected(request, true);
        @Nullable String archive = request.getParam("archive");
        return new UploadService.Asked(
                Endpoints.longParam(context, "id"),
                request.getParam("name"),
                archive == null || archive.isEmpty() ? null : archive(archive),
                expected instanceof Expected.Tagged tagged ? tagged.etag() : null,
                expected instanceof Expected.Nothing
                        || request.getHeader("If-Match") == null
                                && !Boolean.parseBoolean(request.getParam("overwrite")));
    }

    private static UploadService.ArchiveKind archive(String name) {
        for (UploadService.ArchiveKind kind : UploadService.ArchiveKind.values()) {
            if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw ApiException.invalid("archive must be DBC or ZIP: " + name);
    }

    private Future<Void> get(Caller caller, RoutingContext context) {
        return blocking.call(() -> open(caller, context)).compose(opened -> {
            HttpServerResponse response = context.response();
            response.putHeader("ETag", Conditions.quoted(opened.blob()))
                    .putHeader("Last-Modified", Conditions.lastModified(opened.blob()))
                    .putHeader("Accept-Ranges", "bytes")
                    .putHeader("Cache-Control", "private, no-cache");
            if (opened.bytes().isEmpty()) {
                return response.setStatusCode(304).end();
            }
            ByteRange range = opened.range();
            Sendings.asAttachment(response, opened.blob().path().name());
            response.putHeader("Content-Length", Long.toString(range.length()));
            if (range.part()) {
                response.setStatusCode(206)
                        .putHeader(
                                "Content-Range",
                                range.contentRange(opened.blob().size()));
            }
            return transfers.send(caller, opened.bytes().get(), context.request());
        });
    }

    private Opened open(Caller caller, RoutingContext context) throws java.io.IOException {
        Located file = tree.live(caller, Endpoints.longParam(context, "id"), Permission.CAN_READ);
        if (file.object().type() != ObjectType.FILE) {
            throw ApiException.invalid("Object " + file.object().objectId() + " is not a file; export it instead");
        }
        Blob blob = blob(file);
        HttpServerRequest request = context.request();
        if (Conditions.unchanged(request, blob)) {
            return new Opened(blob, new ByteRange(0, 0, false), Optional.empty());
        }
        ByteRange range = ByteRange.of(
                        Conditions.rangeApplies(request, blob) ? request.getHeader("Range") : null, blob.size())
                .orElseThrow(() -> new ApiException(
                        ErrorCode.RANGE_NOT_SATISFIABLE,
                        "The file has " + blob.size() + " bytes; none are in the range"));
        if (!range.part()) {
            FileEntries.Opened whole = files.open(file);
            return new Opened(
                    blob(file, whole), new ByteRange(0, whole.content().size(), false), Optional.of(whole.bytes()));
        }
        return new Opened(
                blob,
                range,
                Optional.of(files.part(
                        file.object(), requireNonNull(file.object().content()), range.from(), range.length())));
    }

    private static Blob blob(Located file, FileEntries.Opened opened) {
        return new Blob(
                new BlobPath(file.path().segments()),
                false,
                opened.content().size(),
                opened.object().modifiedAt(),
                opened.content().etag());
    }

    /** A file of the tree as the conditions of HTTP know one. */
    private static Blob blob(Located file) {
        var content = requireNonNull(file.object().content());
        return new Blob(
                new BlobPath(file.path().segments()),
                false,
                content.size(),
                file.object().modifiedAt(),
                content.etag());
    }

    private record Answer(Located made, byte[] json) {}

    /** Without bytes when the client has them already. */
    private record Opened(Blob blob, ByteRange range, Optional<InputStream> bytes) {}
}
