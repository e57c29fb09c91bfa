package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPage;
import io.campanile.workspace.blobs.BlobPath;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/fs/directories}. */
public final class DirectoryRoutes {
    private static final String PREFIX = "/api/2.0/fs/directories";
    private static final int MOST = 1000;

    private final FileService files;
    private final Blocking blocking;

    public DirectoryRoutes(FileService files, Blocking blocking) {
        this.files = requireNonNull(files, "files");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        String all = PREFIX + "/*";
        api.handle(HttpMethod.PUT, all, Requires.object("directories.create", "file"), (caller, context) -> {
            files.makeFolders(caller, RawPath.of(context, PREFIX));
            return nothing(context);
        });
        api.handle(HttpMethod.DELETE, all, Requires.object("directories.delete", "file"), (caller, context) -> {
            BlobPath path = RawPath.of(context, PREFIX);
            folder(caller, path);
            files.deleteFolder(caller, path, false);
            return nothing(context);
        });
        api.get(all, Requires.object("directories.list", "file"), this::list);
        api.async(HttpMethod.HEAD, all, Requires.object("directories.get-metadata", "file"), this::head);
    }

    private Map<String, Object> list(Caller caller, RoutingContext context) {
        BlobPath path = RawPath.of(context, PREFIX);
        folder(caller, path);
        BlobPage page = files.list(caller, path, token(context), pageSize(context));
        Map<String, Object> answer = new HashMap<>();
        answer.put(
                "contents", page.entries().stream().map(DirectoryRoutes::entry).toList());
        if (page.next() != null) {
            answer.put(
                    "next_page_token",
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(page.next().getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    private Future<Void> head(Caller caller, RoutingContext context) {
        return blocking.call(() -> folder(caller, RawPath.of(context, PREFIX)))
                .compose(found -> context.response().end());
    }

    private Blob folder(Caller caller, BlobPath path) {
        return files.find(caller, path)
                .filter(Blob::folder)
                .orElseThrow(() -> ApiException.notFound("The directory " + path + " does not exist"));
    }

    private static Entry entry(Blob blob) {
        return new Entry(
                blob.path().toString(),
                blob.path().name(),
                blob.folder(),
                blob.folder() ? null : blob.size(),
                blob.modifiedAt().toEpochMilli());
    }

    private static Map<String, Object> nothing(RoutingContext context) {
        Endpoints.noContent(context);
        return Map.of();
    }

    private static int pageSize(RoutingContext context) {
        @Nullable String asked = context.request().getParam("page_size");
        long size = asked == null || asked.isEmpty() ? 0 : Endpoints.longParam(context, "page_size");
        if (size < 0) {
            throw ApiException.invalid("page_size must not be negative");
        }
        return size == 0 ? MOST : (int) Math.min(size, MOST);
    }

    private static @Nullable String token(RoutingContext context) {
        @Nullable String token = context.request().getParam("page_token");
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("page_token is not one that was given out");
        }
    }

    record Entry(
            String path,
            String name,
            boolean isDirectory,
            @Nullable Long fileSize,
            long lastModified) {}
}
