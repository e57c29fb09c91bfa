package io.campanile.cli.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request. {@code shown} is its body for --debug, when that is JSON; {@code repeatable}: sending it again does no
 * more than sending it once.
 */
public record Call(
        String method,
        String path,
        Map<String, String> headers,
        @Nullable Supplier<BodyPublisher> body,
        @Nullable JsonNode shown,
        boolean repeatable) {
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "PUT", "DELETE");

    public static Call get(String path) {
        return new Call("GET", path, Map.of(), null, null, true);
    }

    public static Call of(String method, String path) {
        return new Call(method, path, Map.of(), null, null, safe(method));
    }

    public static Call json(String method, String path, JsonNode body) {
        byte[] bytes = Json.bytes(body);
        return new Call(
                method,
                path,
                Map.of("Content-Type", "application/json"),
                () -> BodyPublishers.ofByteArray(bytes),
                body,
                safe(method));
    }

    /** Fields of a form, as OAuth wants them. */
    public static Call form(String path, Map<String, String> fields) {
        String encoded = encoded(fields);
        return new Call(
                "POST",
                path,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                () -> BodyPublishers.ofString(encoded),
                Json.MAPPER.valueToTree(fields),
                false);
    }

    /** Raw bytes; the supplier opens them anew for every try. */
    public static Call raw(String method, String path, String type, Supplier<BodyPublisher> body) {
        return new Call(method, path, Map.of("Content-Type", type), body, null, safe(method));
    }

    public Call query(String name, String value) {
        String sign = path.indexOf('?') < 0 ? "?" : "&";
        return new Call(method, path + sign + encoded(Map.of(name, value)), headers, body, shown, repeatable);
    }

    public Call header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(method, path, more, body, shown, repeatable);
    }

    /** The same, never sent again after it may have arrived. */
    public Call once() {
        return new Call(method, path, headers, body, shown, false);
    }

    private static boolean safe(String method) {
        return REPEATABLE.contains(method);
    }

    /** The path without the query, which may name what nobody else should read. */
    String route() {
        int question = path.indexOf('?');
        return question < 0 ? path : path.substring(0, question);
    }

    /** A path of files as a part of a URL: every name encoded, slashes as they are. */
    public static String encodedPath(String path) {
        StringJoiner encoded = new StringJoiner("/");
        for (String name : path.split("/", -1)) {
            encoded.add(encoded(name));
        }
        return encoded.toString();
    }

    /** One segment of a path, or a value of a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static String encoded(Map<String, String> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(text.length() == 0 ? "" : "&")
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return text.toString();
    }
}
