package io.campanile.gateway.own;

import io.campanile.common.errors.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a token request: a form, every name at most once, and the client's name and secret with them. */
final class FormBody {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int MOST = 32;

    private final Map<String, String> fields = new LinkedHashMap<>();

    private FormBody() {}

    static FormBody read(HttpServerRequest request, Buffer body) {
        @Nullable String type = request.getHeader("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).strip().startsWith(FORM)) {
            throw ApiException.invalid("Content-Type must be " + FORM);
        }
        FormBody form = new FormBody();
        for (String pair : body.toString(StandardCharsets.UTF_8).split("&", -1)) {
            if (!pair.isEmpty()) {
                form.add(pair);
            }
        }
        form.addBasic(request.getHeader("Authorization"));
        return form;
    }

    /** Null when it was not sent. */
    @Nullable
    String get(String name) {
        return fields.get(name);
    }

    private void add(String pair) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
    }

    private void put(String name, String value) {
        if (fields.size() >= MOST || fields.putIfAbsent(name, value) != null) {
            throw ApiException.invalid("A parameter may be sent only once");
        }
        if (value.indexOf('\0') >= 0) {
            throw ApiException.invalid("A parameter has a NUL character");
        }
    }

    /** RFC 6749, 2.3.1: both parts are form-encoded before they become Basic; one way of the two, not both. */
    private void addBasic(@Nullable String header) {
        if (header == null) {
            return;
        }
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw ApiException.invalid("The token endpoint takes Basic authorization only");
        }
        String both;
        try {
            both = new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("The Basic authorization cannot be decoded");
        }
        int colon = both.indexOf(':');
        if (colon < 0) {
            throw ApiException.invalid("The Basic authorization cannot be decoded");
        }
        String clientId = decoded(both.substring(0, colon));
        if (fields.containsKey("client_secret")
                || !fields.getOrDefault("client_id", clientId).equals(clientId)) {
            throw ApiException.invalid("The client may name itself in one way only");
        }
        fields.put("client_id", clientId);
        put("client_secret", decoded(both.substring(colon + 1)));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("A parameter has a broken percent escape");
        }
    }
}
