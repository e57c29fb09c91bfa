package io.campanile.common.http;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One id per request: taken from {@code x-request-id} when it is harmless, else made here; echoed in the answer. */
public final class RequestIds {
    public static final String HEADER = "x-request-id";
    private static final String KEY = "campanile.request-id";
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{8,64}");

    private RequestIds() {}

    /** The first handler of every router. */
    public static void handle(RoutingContext context) {
        context.response().putHeader(HEADER, of(context));
        context.next();
    }

    public static String of(RoutingContext context) {
        @Nullable String known = context.get(KEY);
        if (known != null) {
            return known;
        }
        @Nullable String given = context.request().getHeader(HEADER);
        String id = given != null && HARMLESS.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        context.put(KEY, id);
        return id;
    }
}
