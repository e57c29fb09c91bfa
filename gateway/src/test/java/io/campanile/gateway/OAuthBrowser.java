package io.campanile.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a browser and a public client do together: authorize, allow on our page, and exchange the code. */
final class OAuthBrowser {
    static final String REDIRECT = "http://localhost:8020";

    final String verifier;
    final String challenge;
    private final GatewayFixture platform;
    private final String cookie;

    OAuthBrowser(GatewayFixture platform) throws Exception {
        this(platform, platform.cookie());
    }

    OAuthBrowser(GatewayFixture platform, String cookie) throws Exception {
        this.platform = platform;
        this.cookie = cookie;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        verifier = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)));
    }

    /** A right request of the command line, which a test may spoil. */
    Map<String, String> request() {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("client_id", "databricks-cli");
        request.put("redirect_uri", REDIRECT);
        request.put("response_type", "code");
        request.put("scope", "all-apis offline_access");
        request.put("state", "a state");
        request.put("code_challenge", challenge);
        request.put("code_challenge_method", "S256");
        return request;
    }

    HttpResponse<String> authorize(Map<String, String> request) {
        return platform.get("/oidc/v1/authorize?" + form(request));
    }

    HttpResponse<String> decide(Map<String, String> request, boolean allow) {
        return platform.post(
                "/api/campanile/v1/oauth/decision",
                Map.of("request", request, "allow", allow),
                "Cookie",
                cookie,
                "Origin",
                platform.origin());
    }

    /** Goes the way of a person who says yes, and gives what the client hears. */
    Map<String, String> allow(Map<String, String> request) {
        HttpResponse<String> sent = authorize(request);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
        assertThat(sent.headers().firstValue("Location").orElseThrow()).startsWith("/oauth/authorize?client_id=");
        HttpResponse<String> decided = decide(request, true);
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        String target = GatewayFixture.json(decided).path("redirect_to").asText();
        assertThat(target).startsWith(request.get("redirect_uri") + "?code=");
        return query(URI.create(target).getRawQuery());
    }

    /** The code alone. */
    String code(Map<String, String> request) {
        return requireNonNull(allow(request).get("code"));
    }

    Map<String, String> exchange(String code) {
        return Map.of(
                "grant_type", "authorization_code",
                "client_id", "databricks-cli",
                "redirect_uri", REDIRECT,
                "code", code,
                "code_verifier", verifier);
    }

    HttpResponse<String> token(Map<String, String> form, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/x-www-form-urlencoded";
        return platform.send("POST", "/oidc/v1/token", form(form), all);
    }

    JsonNode tokens() {
        HttpResponse<String> answer = token(exchange(code(request())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return GatewayFixture.json(answer);
    }

    int me(String accessToken) {
        return platform.get("/api/campanile/v1/me", "Authorization", "Bearer " + accessToken)
                .statusCode();
    }

    static Map<String, String> query(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    static String form(Map<String, String> parameters) {
        StringBuilder form = new StringBuilder();
        parameters.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return form.toString();
    }
}
