package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Errors;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.files.Transfers;
import io.campanile.workspace.formats.Language;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/workspace}. */
public final class WorkspaceRoutes {
    private static final String PREFIX = "/api/2.0/workspace/";
    /** Base64 of the largest notebook, and the JSON around it. */
    public static final long MAX_BODY = TransferService.MAX_JUPYTER_BYTES / 3L * 4 + 64 * 1024;

    /** The common mapping refuses strings over 20 MB; the content of an import is one string. */
    private static final ObjectMapper LONG_STRINGS = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength((int) MAX_BODY)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
            .build();

    private final ObjectService objects;
    private final TransferService formats;
    private final ListingService listings;
    private final Transfers transfers;
    private final Tree tree;
    private final Blocking blocking;

    public WorkspaceRoutes(
            ObjectService objects,
            TransferService formats,
            ListingService listings,
            Tree tree,
            Transfers transfers,
            Blocking blocking) {
        this.objects = requireNonNull(objects, "objects");
        this.formats = requireNonNull(formats, "formats");
        this.listings = requireNonNull(listings, "listings");
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
        api.handle(
                HttpMethod.POST,
                PREFIX + "import",
                Requires.object("workspace.import", "notebook"),
                this::importNotebook);
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

    private Map<String, Object> importNotebook(Caller caller, RoutingContext context) {
        ImportBody body = readImport(context);
        WorkspacePath path = WorkspacePath.parse(ApiException.require(body.path(), "path"));
        formats.importFile(
                caller,
                path,
                decoded(ApiException.require(body.content(), "content")),
                format(body.format()),
                language(body.language()),
                Boolean.TRUE.equals(body.overwrite()));
        return Map.of();
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

    private static ImportBody readImport(RoutingContext context) {
        @Nullable Buffer body = context.body().buffer();
        try {
            @Nullable
            ImportBody read = LONG_STRINGS.readValue(
                    body == null || body.length() == 0 ? new byte[] {'{', '}'} : body.getBytes(), ImportBody.class);
            if (read == null) {
                throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is null");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw Errors.malformed(e);
        } catch (IOException e) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is not valid JSON", e);
        }
    }

    private static byte[] decoded(String content) {
        try {
            return Base64.getDecoder().decode(content.strip());
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "content is not valid base64", e);
        }
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
            @Nullable String path,
            @Nullable String content,
            @Nullable String format,
            @Nullable String language,
            @Nullable Boolean overwrite) {}

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
