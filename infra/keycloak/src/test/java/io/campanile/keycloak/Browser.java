package io.campanile.keycloak;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Follows redirects between two sites, keeps each one's cookies and fills in Keycloak's own form. */
final class Browser {
    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Map<String, Map<String, String>> cookies = new LinkedHashMap<>();
    private @Nullable HttpResponse<String> page;

    /** Where the browser is. */
    URI address() {
        return page().uri();
    }

    String text() {
        return page().body();
    }

    int status() {
        return page().statusCode();
    }

    boolean showsForm() {
        return page().body().contains("kc-form-login");
    }

    Browser open(String address) {
        page = follow(URI.create(address), null);
        return this;
    }

    /** Fills in the form that Keycloak shows. */
    Browser submit(String user, String password) {
        Matcher action = ACTION.matcher(page().body());
        if (!showsForm() || !action.find()) {
            throw new AssertionError("No form at " + address() + ": " + page().body());
        }
        String form = "username=" + encoded(user) + "&password=" + encoded(password) + "&credentialId=";
        page = follow(URI.create(action.group(1).replace("&amp;", "&")), form);
        return this;
    }

    /** A cookie of the site. */
    String cookie(String site, String name) {
        return cookies.getOrDefault(URI.create(site).getAuthority(), Map.of()).getOrDefault(name, "");
    }

    /** A call of the page to its own site. */
    HttpResponse<String> call(String method, String site, String path) {
        return send(URI.create(site + path), method, method.equals("GET") ? null : "{}", "application/json", site);
    }

    private HttpResponse<String> page() {
        return requireNonNull(page, "open() comes first");
    }

    private HttpResponse<String> follow(URI start, @Nullable String form) {
        HttpResponse<String> answer =
                send(start, form == null ? "GET" : "POST", form, "application/x-www-form-urlencoded", null);
        for (int hops = 0; answer.statusCode() / 100 == 3 && hops < 10; hops++) {
            URI next =
                    answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
            answer = send(next, "GET", null, "", null);
        }
        return answer;
    }

    private HttpResponse<String> send(
            URI address, String method, @Nullable String body, String type, @Nullable String origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", type);
        }
        if (origin != null && !method.equals("GET")) {
            request.header("Origin", origin);
        }
        Map<String, String> own = cookies.computeIfAbsent(address.getAuthority(), site -> new LinkedHashMap<>());
        if (!own.isEmpty()) {
            StringBuilder header = new StringBuilder();
            own.forEach((name, value) -> header.append(header.isEmpty() ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            request.header("Cookie", header.toString());
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(set -> keep(own, set));
            return answer;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Browsers send cookies marked Secure to loopback. */
    private static void keep(Map<String, String> own, String set) {
        int equals = set.indexOf('=');
        String name = set.substring(0, equals);
        String value = set.substring(equals + 1, set.indexOf(';') < 0 ? set.length() : set.indexOf(';'));
        if (value.isEmpty() || set.toLowerCase(java.util.Locale.ROOT).contains("max-age=0")) {
            own.remove(name);
        } else {
            own.put(name, value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
