package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/**
 * JSON that may hold unpaired surrogates, as the text of cells may: they are written as escapes, which UTF-8 has no form
 * for and Jackson's byte encoder refuses.
 */
public final class JsonAnswer {
    private JsonAnswer() {}

    /** Computes off the event loop, then answers a request. */
    public static Future<Void> send(Blocking blocking, RoutingContext context, Callable<? extends JsonNode> work) {
        return blocking.call(() -> text(work.call()))
                .compose(body -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(body));
    }

    /** JSON text that survives UTF-8. */
    public static String text(JsonNode json) {
        String text = Json.write(json);
        for (int i = 0; i < text.length(); i++) {
            if (unpaired(text, i)) {
                return escaped(text, i);
            }
        }
        return text;
    }

    private static String escaped(String text, int first) {
        var out = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            if (unpaired(text, i)) {
                out.append(String.format("\\u%04x", (int) text.charAt(i)));
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    private static boolean unpaired(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
