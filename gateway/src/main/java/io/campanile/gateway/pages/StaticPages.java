package io.campanile.gateway.pages;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.gateway.answers.Refusals;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the web application from the class path: files with a hash in their name for ever, everything else checked
 * again; an address without a file is a page of the application, which index.html draws.
 */
public final class StaticPages {
    private static final Pattern FILE =
            Pattern.compile("(?:/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)*/[A-Za-z0-9_@-][A-Za-z0-9._@-]*\\.[A-Za-z0-9]{1,12}");
    private static final Pattern HASHED = Pattern.compile("/assets/.*[-.][A-Za-z0-9_-]{8,}\\.[A-Za-z0-9.]+");
    private static final String INDEX = "/index.html";

    private final PageFiles files;
    private final Blocking blocking;
    /** Whole files with their compressed forms; what is not there is remembered by nobody, so it cannot fill this. */
    private final Cache<String, PageFile> loaded = Caffeine.newBuilder()
            .maximumWeight(64L * 1024 * 1024)
            .weigher((String path, PageFile file) -> file.weight())
            .build();

    public StaticPages(PageFiles files, Blocking blocking) {
        this.files = requireNonNull(files, "files");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void serve(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "This method is not allowed here");
        }
        request.resume();
        String path = request.path();
        boolean file = FILE.matcher(path).matches();
        if (!file) {
            page(context, path);
            return;
        }
        PageFile known = loaded.getIfPresent(path);
        if (known != null) {
            send(context, path, known);
            return;
        }
        blocking.call(() -> load(path))
                .onFailure(failure -> Refusals.refuse(context, failure))
                .onSuccess(found ->
                        found.ifPresentOrElse(present -> send(context, path, present), () -> page(context, path)));
    }

    /** Addresses of pages may hold dots (a table's name); only what asks for a document gets the application. */
    private void page(RoutingContext context, String path) {
        @Nullable String accept = context.request().getHeader("Accept");
        boolean document = accept == null || accept.contains("text/html") || accept.contains("*/*");
        boolean asset = path.startsWith("/assets/")
                || (path.indexOf('.', path.lastIndexOf('/')) >= 0 && (accept == null || !accept.contains("text/html")));
        if (!document || asset) {
            Refusals.refuse(context, ApiException.notFound("There is nothing at " + path));
            return;
        }
        blocking.call(() -> load(INDEX))
                .onFailure(failure -> Refusals.refuse(context, failure))
                .onSuccess(found -> found.ifPresentOrElse(
                        present -> send(context, INDEX, present),
                        () -> Refusals.refuse(
                                context, ApiException.notFound("The web pages are not part of this build"))));
    }

    private Optional<PageFile> load(String path) {
        PageFile known = loaded.getIfPresent(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<PageFile> found = files.read(path);
        found.ifPresent(file -> loaded.put(path, file));
        return found;
    }

    private static void send(RoutingContext context, String path, PageFile file) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        response.putHeader("ETag", file.etag())
                .putHeader("Vary", "Accept-Encoding")
                .putHeader(
                        "Cache-Control",
                        HASHED.matcher(path).matches() ? "public, max-age=31536000, immutable" : "no-cache");
        if (file.etag().equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        PageFile.Coded coded = file.coded(request.getHeader("Accept-Encoding"));
        response.putHeader("Content-Type", file.type());
        if (!coded.encoding().isEmpty()) {
            response.putHeader("Content-Encoding", coded.encoding());
        }
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(coded.bytes().length))
                    .end();
            return;
        }
        response.end(Buffer.buffer(coded.bytes()));
    }
}
