package io.campanile.common.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bodies that may be a whole notebook: a small one is read into memory like any other, a large one goes to a file. */
public final class SpooledBody {
    /** From here on bytes are not worth the memory. */
    public static final int LARGE = 1024 * 1024;

    private static final Pattern IMPORT = Pattern.compile("/api/2\\.0/workspace/import");
    private static final Pattern DOCUMENT = Pattern.compile("/internal/notebooks/\\d+");

    private SpooledBody() {}

    /** Whether the route takes the body as it comes, because it is large or nobody says how large it is. */
    public static boolean streamed(HttpServerRequest request, String path) {
        boolean takes = request.method() == HttpMethod.POST
                        && IMPORT.matcher(path).matches()
                || request.method() == HttpMethod.PUT && DOCUMENT.matcher(path).matches();
        return takes && streamed(request);
    }

    /** The same for a request that has found its route. */
    public static boolean streamed(HttpServerRequest request) {
        if (request.headers().contains(Handover.BODY)) {
            return true;
        }
        @Nullable String length = request.getHeader("Content-Length");
        return length == null ? request.headers().contains("Transfer-Encoding") : digits(length) > LARGE;
    }

    /** The HTTP parser has refused what is no number; what is too long for one is large. */
    private static long digits(String length) {
        return length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
    }
}
