package io.campanile.workspace.dbfs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobPath;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/dbfs}. */
public final class DbfsRoutes {
    private static final String PREFIX = "/api/2.0/dbfs/";
    private static final long USUAL_READ = 512 * 1024;

    private final DbfsService dbfs;

    public DbfsRoutes(DbfsService dbfs) {
        this.dbfs = requireNonNull(dbfs, "dbfs");
    }

    public void mount(Endpoints api) {
        mountWriting(api);
        api.get(PREFIX + "read", Requires.object("dbfs.read", "file"), this::read);
        api.get(PREFIX + "list", Requires.object("dbfs.list", "file"), (caller, context) -> {
            List<Info> files = dbfs.list(caller, path(context)).stream()
                    .map(DbfsRoutes::info)
                    .toList();
            return files.isEmpty() ? Map.of() : Map.of("files", files);
        });
        api.get(
                PREFIX + "get-status",
                Requires.object("dbfs.get-status", "file"),
                (caller, context) -> info(dbfs.status(caller, path(context))));
        api.post(PREFIX + "mkdirs", Requires.object("dbfs.mkdirs", "file"), PathBody.class, (caller, body) -> {
            dbfs.makeFolders(caller, path(body.path()));
            return Map.of();
        });
        api.post(PREFIX + "move", Requires.object("dbfs.move", "file"), Move.class, (caller, body) -> {
            dbfs.move(
                    caller,
                    BlobPath.parse(body.sourcePath(), "source_path"),
                    BlobPath.parse(body.destinationPath(), "destination_path"));
            return Map.of();
        });
        api.post(PREFIX + "delete", Requires.object("dbfs.delete", "file"), Delete.class, (caller, body) -> {
            dbfs.delete(caller, path(body.path()), Boolean.TRUE.equals(body.recursive()));
            return Map.of();
        });
    }

    private void mountWriting(Endpoints api) {
        api.post(
                PREFIX + "create",
                Requires.object("dbfs.create", "file"),
                Create.class,
                (caller, body) -> Map.of(
                        "handle", dbfs.create(caller, path(body.path()), Boolean.TRUE.equals(body.overwrite()))));
        api.post(PREFIX + "add-block", Requires.object("dbfs.add-block", "file"), AddBlock.class, (caller, body) -> {
            dbfs.addBlock(caller, body.handle(), body.data());
            return Map.of();
        });
        api.post(PREFIX + "close", Requires.object("dbfs.close", "file"), Close.class, (caller, body) -> {
            dbfs.close(caller, body.handle());
            return Map.of();
        });
        api.post(PREFIX + "put", Requires.object("dbfs.put", "file"), Put.class, (caller, body) -> {
            dbfs.put(
                    caller,
                    path(body.path()),
                    body.contents() == null ? "" : body.contents(),
                    Boolean.TRUE.equals(body.overwrite()));
            return Map.of();
        });
    }

    private Read read(Caller caller, RoutingContext context) {
        byte[] bytes =
                dbfs.read(caller, path(context), number(context, "offset", 0), number(context, "length", USUAL_READ));
        return new Read(bytes.length, Base64.getEncoder().encodeToString(bytes));
    }

    private static long number(RoutingContext context, String name, long otherwise) {
        @Nullable String text = context.request().getParam(name);
        return text == null || text.isEmpty() ? otherwise : Endpoints.longParam(context, name);
    }

    private static BlobPath path(RoutingContext context) {
        return path(context.request().getParam("path"));
    }

    private static BlobPath path(@Nullable String text) {
        return BlobPath.parse(text, "path");
    }

    private static Info info(Blob blob) {
        return new Info(
                blob.path().toString(),
                blob.folder(),
                blob.size(),
                blob.modifiedAt().toEpochMilli());
    }

    record Info(String path, boolean isDir, long fileSize, long modificationTime) {}

    record Read(long bytesRead, String data) {}

    record PathBody(@Nullable String path) {}

    record Create(@Nullable String path, @Nullable Boolean overwrite) {}

    record AddBlock(Long handle, String data) {
        AddBlock {
            ApiException.require(handle, "handle");
            ApiException.require(data, "data");
        }
    }

    record Close(Long handle) {
        Close {
            ApiException.require(handle, "handle");
        }
    }

    record Put(
            @Nullable String path,
            @Nullable String contents,
            @Nullable Boolean overwrite) {}

    record Move(@Nullable String sourcePath, @Nullable String destinationPath) {}

    record Delete(@Nullable String path, @Nullable Boolean recursive) {}
}
