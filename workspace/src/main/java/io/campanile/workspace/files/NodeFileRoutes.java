package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPage;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a workspace for its nodes, in the name of the person whose cluster it is: what the person may not do
 * through the public API, his cluster may not do here. Paths are the parameter {@code path}; bodies are contents.
 */
public final class NodeFileRoutes {
    private static final String PREFIX = "/node/v1/files/";
    private static final int PAGE = 1000;
    /** It goes to the bucket as a header, in which other letters and digits than these are something else. */
    private static final Pattern MARK = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private final FileService files;
    private final NodeCallers nodes;
    private final Transfers transfers;
    private final Downloads downloads;
    private final Staging staging;
    private final Blocking blocking;
    private final long limit;

    /**
     * @param blocking of nodes alone: a cluster that asks without end keeps nobody else waiting
     * @param limit bytes of a file
     */
    public NodeFileRoutes(
            FileService files, NodeCallers nodes, Transfers transfers, Staging staging, Blocking blocking, long limit) {
        this.files = requireNonNull(files, "files");
        this.nodes = requireNonNull(nodes, "nodes");
        this.transfers = requireNonNull(transfers, "transfers");
        this.downloads = new Downloads(files, transfers);
        this.staging = requireNonNull(staging, "staging");
        this.blocking = requireNonNull(blocking, "blocking");
        this.limit = limit;
    }

    public void mount(Endpoints api) {
        api.async(
                HttpMethod.POST,
                PREFIX + "token",
                Requires.node("files.token", "file"),
                (none, context) ->
                        json(context, () -> new Token(nodes.exchange(context), NodeCallers.LIFE.toSeconds())));
        answer(
                api,
                HttpMethod.GET,
                "status",
                "files.get-metadata",
                (caller, context) -> view(files.stat(caller, path(context, "path"))));
        answer(api, HttpMethod.GET, "list", "files.list", this::list);
        answer(api, HttpMethod.GET, "place", "files.require-place", (caller, context) -> {
            files.requirePlace(caller, path(context, "path"), expected(context));
            return Map.of();
        });
        answer(api, HttpMethod.POST, "folders", "files.mkdirs", this::makeFolders);
        answer(api, HttpMethod.POST, "delete", "files.delete", this::delete);
        answer(api, HttpMethod.POST, "rename", "files.move", (caller, context) -> {
            files.move(caller, path(context, "path"), path(context, "to"), expected(context), mark(context));
            return Map.of();
        });
        answer(api, HttpMethod.POST, "copy", "files.copy", (caller, context) -> {
            files.copy(caller, path(context, "path"), path(context, "to"), mark(context));
            return Map.of();
        });
        api.async(
                HttpMethod.GET,
                PREFIX + "content",
                Requires.node("files.download", "file"),
                (none, context) -> download(context));
        api.async(
                HttpMethod.PUT,
                PREFIX + "content",
                Requires.node("files.upload", "file"),
                (none, context) -> upload(context));
    }

    private void answer(
            Endpoints api,
            HttpMethod method,
            String route,
            String action,
            BiFunction<Caller, RoutingContext, Object> handler) {
        api.async(
                method,
                PREFIX + route,
                Requires.node(action, "file"),
                (none, context) -> json(context, () -> handler.apply(nodes.of(context, action), context)));
    }

    private interface Work {
        Object run();
    }

    private Future<Void> json(RoutingContext context, Work work) {
        return blocking.call(() -> Json.write(work.run()))
                .compose(body -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(body));
    }

    private Object list(Caller caller, RoutingContext context) {
        @Nullable String token = context.request().getParam("page_token");
        BlobPage page =
                files.list(caller, path(context, "path"), token == null || token.isEmpty() ? null : token, PAGE);
        Map<String, Object> answer = new HashMap<>();
        answer.put("entries", page.entries().stream().map(NodeFileRoutes::view).toList());
        if (page.next() != null) {
            answer.put("next_page_token", page.next());
        }
        return answer;
    }

    /** Whoever finds it there needs no right to make it. */
    private Object makeFolders(Caller caller, RoutingContext context) {
        BlobPath path = path(context, "path");
        if (files.find(caller, path).filter(Blob::folder).isEmpty()) {
            files.makeFolders(caller, path);
        }
        return Map.of();
    }

    private Object delete(Caller caller, RoutingContext context) {
        BlobPath path = path(context, "path");
        Optional<Blob> there = files.find(caller, path);
        if (there.isPresent() && there.get().folder()) {
            files.deleteFolder(
                    caller, path, Boolean.parseBoolean(context.request().getParam("recursive")));
        } else if (there.isPresent()) {
            files.deleteFile(caller, path, Expected.ANYTHING);
        }
        return Map.of("deleted", there.isPresent());
    }

    private Future<Void> download(RoutingContext context) {
        return blocking.call(() -> downloads.open(nodes.of(context, "files.download"), context, path(context, "path")))
                .compose(opened -> downloads.answer(context, opened));
    }

    private Future<Void> upload(RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause();
        Path content = staging.passing();
        return blocking.call(() -> nodes.of(context, "files.upload"))
                .compose(caller -> transfers
                        .receive(caller, request, content, 0, limit)
                        .compose(size -> blocking.call(() -> files.place(
                                caller, path(context, "path"), content, expected(context), mark(context), tx -> {}))))
                .onFailure(refused -> Transfers.discard(request))
                .eventually(() -> blocking.end(() -> Files.deleteIfExists(content)))
                .compose(blob -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.write(view(blob))));
    }

    static BlobPath path(RoutingContext context, String name) {
        return BlobPath.parse(context.request().getParam(name), name);
    }

    static Expected expected(RoutingContext context) {
        return Boolean.parseBoolean(context.request().getParam("overwrite")) ? Expected.ANYTHING : Expected.NOTHING;
    }

    private static String mark(RoutingContext context) {
        String mark = ApiException.require(context.request().getParam("mark"), "mark");
        if (!MARK.matcher(mark).matches()) {
            throw ApiException.invalid("mark must be a UUID");
        }
        return mark;
    }

    private static View view(Blob blob) {
        return new View(
                blob.path().toString(),
                blob.folder(),
                blob.size(),
                blob.modifiedAt().toEpochMilli(),
                blob.etag());
    }

    record Token(String token, long expiresIn) {}

    record View(String path, boolean isDirectory, long size, long modifiedAt, String etag) {}
}
