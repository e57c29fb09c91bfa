package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Requires;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.json.Json;
import io.campanile.common.spool.Spool;
import io.campanile.workspace.files.Transfers;
import io.campanile.workspace.formats.Language;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/workspace}. */
public final class WorkspaceRoutes {
    private static final String PREFIX = "/api/2.0/workspace/";
    /** Base64 of the largest notebook, and the JSON around it. */
    public static final long MAX_BODY = TransferService.MAX_JUPYTER_BYTES / 3L * 4 + 64 * 1024;

    private final ObjectService objects;
    private final TransferService formats;
    private final ListingService listings;
    private final FileEntries files;
    private final Transfers transfers;
    private final Tree tree;
    private final Blocking blocking;

    public WorkspaceRoutes(
            ObjectService objects,
            TransferService formats,
            ListingService listings,
            Tree tree,
            FileEntries files,
            Transfers transfers,
            Blocking blocking) {
        this.objects = requireNonNull(objects, "objects");
        this.formats = requireNonNull(formats, "formats");
        this.listings = requireNonNull(listings, "listings");
        this.files = requireNonNull(files, "files");
        this.transfers = requireNonNull(transfers, "transfers");
        this.tree = requireNonNull(tree, "tree");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.post(
                PREFIX + "mkdirs", Requires.object("workspace.mkdirs", "directory"), PathBody.class, (caller, body) -> {
                    objects.makeDirectories(caller, WorkspacePath.parse(body.path()));
                    return Map.of();
                });
        api.async(HttpMethod.GET, PREFIX + "list", Requires.object("workspace.list", "directory"), this::list);
        api.get(
                PREFIX + "get-status",
                Requires.object("workspace.get-status", "object"),
                (caller, context) -> info(tree.at(caller, path(context), Permission.CAN_READ)));
        api.post(PREFIX + "delete", Requires.object("workspace.delete", "object"), DeleteBody.class, (caller, body) -> {
            objects.delete(caller, WorkspacePath.parse(body.path()), Boolean.TRUE.equals(body.recursive()));
            return Map.of();
        });
        api.async(HttpMethod.POST, PREFIX + "import", Requires.object("workspace.import", "notebook"), this::receive);
        api.async(HttpMethod.GET, PREFIX + "export", Requires.object("workspace.export", "notebook"), this::export);
    }

    private Future<Void> list(Caller caller, RoutingContext context) {
        return blocking.call(() -> {
                    @Nullable String after = context.request().getParam("notebooks_modified_after");
                    Instant from = after == null || after.isEmpty()
                            ? Instant.EPOCH
                            : Instant.ofEpochMilli(Endpoints.longParam(context, "notebooks_modified_after"));
                    Located there = tree.at(caller, path(context), Permission.CAN_READ);
                    return new WholeListing(listings, caller, there, from).open();
                })
                .compose(listing -> {
                    context.response()
                            .putHeader("Content-Type", "application/json")
                            .setChunked(true);
                    return transfers.send(caller, listing, context.request());
                });
    }

    /** A small body has been read; a large one goes to a file, for which there are places. */
    private Future<Void> receive(Caller caller, RoutingContext context) {
        HttpServerRequest request = context.request();
        Future<Spool> body;
        if (SpooledBody.streamed(request)) {
            request.pause();
            Path draft = files.draft();
            body = transfers
                    .receive(caller, request, draft, 0, MAX_BODY)
                    .onFailure(refused -> Transfers.discard(request))
                    .map(size -> Spool.of(draft, size))
                    .recover(refused -> blocking.end(() -> Files.deleteIfExists(draft))
                            .transform(deleted -> Future.failedFuture(named(refused))));
        } else {
            @Nullable Buffer read = context.body().buffer();
            body = Future.succeededFuture(Spool.of(read == null ? new byte[0] : read.getBytes()));
        }
        return body.compose(spool -> blocking.call(() -> importNotebook(caller, spool))
                        .eventually(() -> blocking.end(() -> closed(spool))))
                .compose(done -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{}"));
    }

    private static boolean closed(Spool spool) {
        spool.close();
        return true;
    }

    private boolean importNotebook(Caller caller, Spool body) throws IOException {
        try (Spool content = Spool.at(files.draft(), TransferService.MAX_JUPYTER_BYTES, WorkspaceRoutes::tooLarge)) {
            ImportBody fields;
            try (InputStream in = body.open()) {
                fields = ImportReader.read(in, content);
            }
            // From here on the decoded content is what counts; the body need not lie beside it.
            body.close();
            formats.importFile(
                    caller,
                    WorkspacePath.parse(fields.path()),
                    content,
                    format(fields.format()),
                    language(fields.language()),
                    Boolean.TRUE.equals(fields.overwrite()));
        }
        return true;
    }

    private static Throwable named(Throwable refused) {
        return refused instanceof ApiException known && known.code() == ErrorCode.REQUEST_TOO_LARGE
                ? tooLarge()
                : refused;
    }

    private static ApiException tooLarge() {
        return new ApiException(
                ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                "Field content has more than " + TransferService.MAX_JUPYTER_BYTES
                        + " bytes, which is the most that can be imported");
    }

    private Future<Void> export(Caller caller, RoutingContext context) {
        boolean direct = Boolean.parseBoolean(context.request().getParam("direct_download"));
        return blocking.call(() -> formats.export(
                        caller, path(context), format(context.request().getParam("format"))))
                .compose(download -> {
                    HttpServerResponse response = context.response();
                    if (direct) {
                        Sendings.asAttachment(response, download.name());
                        response.putHeader("Content-Length", Long.toString(download.length()));
                        return transfers.send(caller, download.content(), context.request());
                    }
                    response.putHeader("Content-Type", "application/json").setChunked(true);
                    return transfers.send(
                            caller,
                            Sendings.base64(
                                    "{\"content\":\"",
                                    download.content(),
                                    "\",\"file_type\":" + Json.write(download.fileType()) + "}"),
                            context.request());
                });
    }

    private static TransferService.Format format(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return TransferService.Format.SOURCE;
        }
        for (TransferService.Format format : TransferService.Format.values()) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw ApiException.invalid(
                "The format " + name + " is not supported; AUTO, SOURCE, JUPYTER, HTML, DBC and RAW are");
    }

    private static @Nullable Language language(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        for (Language language : Language.values()) {
            if (language.ofNotebooks() && language.name().equals(name)) {
                return language;
            }
        }
        throw ApiException.invalid("The language " + name + " is not supported; JAVA, SQL, PYTHON, SCALA and R are");
    }

    private static WorkspacePath path(RoutingContext context) {
        return WorkspacePath.parse(ApiException.require(context.request().getParam("path"), "path"));
    }

    static ObjectInfo info(Located located) {
        WorkspaceObject object = located.object();
        return new ObjectInfo(
                object.type(),
                located.path().toString(),
                object.language(),
                object.objectId(),
                object.createdAt(),
                object.modifiedAt(),
                Long.toString(object.objectId()),
                object.content() == null ? null : object.content().size());
    }

    record PathBody(String path) {
        PathBody {
            ApiException.require(path, "path");
        }
    }

    record DeleteBody(String path, @Nullable Boolean recursive) {
        DeleteBody {
            ApiException.require(path, "path");
        }
    }

    record ImportBody(
            String path,
            @Nullable String content,
            @Nullable String format,
            @Nullable String language,
            @Nullable Boolean overwrite) {
        ImportBody {
            ApiException.require(path, "path");
        }
    }

    record ObjectInfo(
            ObjectType objectType,
            String path,
            @Nullable Language language,
            long objectId,
            Instant createdAt,
            Instant modifiedAt,
            String resourceId,
            @Nullable Long size) {}
}
