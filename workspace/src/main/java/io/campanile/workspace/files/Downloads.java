package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobChangedException;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Contents of files as answers: whole or in part, and not at all when the client has them. */
final class Downloads {
    private static final int LOOKS = 4;

    private final FileService files;
    private final Transfers transfers;

    Downloads(FileService files, Transfers transfers) {
        this.files = requireNonNull(files, "files");
        this.transfers = requireNonNull(transfers, "transfers");
    }

    /** What a caller gets; without content when the client has it already. */
    record Opened(Caller caller, Blob blob, ByteRange range, Optional<InputStream> content) {}

    /** Looks the file up and opens what is asked of it; again, when it is replaced in between. Blocking. */
    Opened open(Caller caller, RoutingContext context, BlobPath path) throws IOException {
        HttpServerRequest request = context.request();
        for (int look = 1; ; look++) {
            Blob blob = file(caller, path);
            if (Conditions.unchanged(request, blob)) {
                return new Opened(caller, blob, new ByteRange(0, 0, false), Optional.empty());
            }
            String asked = Conditions.rangeApplies(request, blob) ? request.getHeader("Range") : null;
            ByteRange range = ByteRange.of(asked, blob.size()).orElseThrow(() -> {
                context.response().putHeader("Content-Range", "bytes */" + blob.size());
                return new ApiException(ErrorCode.RANGE_NOT_SATISFIABLE, "The file has only " + blob.size() + " bytes");
            });
            try {
                InputStream content = files.read(caller, blob, range.from(), range.length());
                return new Opened(caller, blob, range, Optional.of(content));
            } catch (BlobChangedException e) {
                if (look == LOOKS) {
                    throw BlobErrors.translate(e);
                }
            } catch (IOException e) {
                throw BlobErrors.translate(e);
            }
        }
    }

    Future<Void> answer(RoutingContext context, Opened opened) {
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
                    .putHeader("Content-Range", range.contentRange(opened.blob().size()));
        }
        return transfers.send(opened.caller(), opened.content().get(), context.request());
    }

    Blob file(Caller caller, BlobPath path) {
        return files.find(caller, path)
                .filter(blob -> !blob.folder())
                .orElseThrow(() -> ApiException.notFound("The file " + path + " does not exist"));
    }

    static void describe(HttpServerResponse response, Blob blob) {
        response.putHeader("ETag", Conditions.quoted(blob))
                .putHeader("Last-Modified", Conditions.lastModified(blob))
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Cache-Control", "private, no-cache");
    }
}
