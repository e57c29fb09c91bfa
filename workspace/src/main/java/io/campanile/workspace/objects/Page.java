package io.campanile.workspace.objects;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list.
 *
 * @param next where to go on, or null at the end
 */
record Page<T>(List<T> entries, @Nullable Key next) {
    static final int MOST = 1000;

    Page {
        entries = List.copyOf(entries);
    }

    /** The place of the last entry in the order of its list: two texts, the first of them a word or a name. */
    record Key(String first, String second) {
        private static final char BETWEEN = '\n';

        String token() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((first + BETWEEN + second).getBytes(StandardCharsets.UTF_8));
        }

        /** Reads what {@link #token} gave out. */
        static Key of(String token) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                int between = text.indexOf(BETWEEN);
                if (between >= 0 && text.indexOf('\0') < 0) {
                    return new Key(text.substring(0, between), text.substring(between + 1));
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            throw ApiException.invalid("page_token is not one that was given out");
        }
    }

    /** Where a request wants to go on. */
    static @Nullable Key after(RoutingContext context) {
        @Nullable String token = context.request().getParam("page_token");
        return token == null || token.isEmpty() ? null : Key.of(token);
    }

    /** How many entries a request wants; {@code otherwise} when it does not say. */
    static int limit(RoutingContext context, int otherwise) {
        @Nullable String asked = context.request().getParam("limit");
        long limit = asked == null || asked.isEmpty() ? otherwise : Endpoints.longParam(context, "limit");
        if (limit < 1) {
            throw ApiException.invalid("limit must be positive");
        }
        return (int) Math.min(limit, MOST);
    }
}
