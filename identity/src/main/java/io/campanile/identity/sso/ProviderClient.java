package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.identity.people.SignInProblem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Talks to the provider: its description, its keys and its token endpoint. Follows no redirects. */
final class ProviderClient {
    private static final Duration BELIEVED = Duration.ofHours(1);
    /** A key nobody knows makes us look, but not more often than this, whoever sends tokens. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    /** How long a provider that did not answer is left alone. */
    private static final Duration BREATH = Duration.ofSeconds(3);

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 1024 * 1024;

    private final SsoConfig config;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private @Nullable Described described;
    private @Nullable Failed failed;
    private volatile @Nullable Keys keys;

    /** Where the provider does what; {@code endSession} is null where it cannot be asked to end its own. */
    record Described(
            Instant readAt,
            URI authorize,
            URI token,
            URI keys,
            @Nullable URI endSession) {}

    private record Failed(Instant at, ApiException why) {}

    private record Keys(Instant readAt, Map<String, JWK> byId) {}

    private record Answer(int status, JsonNode json) {}

    ProviderClient(SsoConfig config, Clock clock) {
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
    }

    /** One asks while the others wait; when it does not answer they are told so, and nobody asks again for a while. */
    synchronized Described described() {
        Instant now = clock.instant();
        Described known = described;
        if (known != null && known.readAt().plus(BELIEVED).isAfter(now)) {
            return known;
        }
        Failed before = failed;
        if (before != null && before.at().plus(BREATH).isAfter(now)) {
            throw before.why();
        }
        try {
            described = describe(now);
            return described;
        } catch (ApiException e) {
            failed = new Failed(now, e);
            throw e;
        }
    }

    /** A key that the provider signs with now. */
    Optional<JWK> key(String keyId) {
        Instant now = clock.instant();
        Keys known = keys;
        if (known == null || !known.readAt().plus(BELIEVED).isAfter(now)) {
            known = readKeys(now);
        } else if (!known.byId().containsKey(keyId)
                && !known.readAt().plus(LOOK_AGAIN).isAfter(now)) {
            known = readKeys(now);
        }
        return Optional.ofNullable(known.byId().get(keyId));
    }

    ProviderTokens exchange(String code, String redirectUri, String verifier) {
        return tokens(Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", redirectUri,
                "code_verifier", verifier));
    }

    ProviderTokens refresh(String refreshToken) {
        return tokens(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    static String form(Map<String, String> fields) {
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) ->
                form.append(form.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value)));
        return form.toString();
    }

    private Described describe(Instant now) {
        Answer answer = ask(HttpRequest.newBuilder(URI.create(config.issuer() + "/.well-known/openid-configuration")));
        JsonNode json = answer.json();
        if (answer.status() != 200 || !json.path("issuer").asText().equals(config.issuer())) {
            throw SignInProblem.MISCONFIGURED.because("identity.sso.issuer is " + config.issuer()
                    + ", but what is there (HTTP " + answer.status() + ") calls itself '"
                    + json.path("issuer").asText() + "'");
        }
        return new Described(
                now,
                address(json, "authorization_endpoint"),
                address(json, "token_endpoint"),
                address(json, "jwks_uri"),
                json.hasNonNull("end_session_endpoint") ? address(json, "end_session_endpoint") : null);
    }

    private static URI address(JsonNode json, String name) {
        try {
            return SsoConfig.requireTrustworthy(name, json.path(name).asText());
        } catch (IllegalArgumentException e) {
            throw SignInProblem.MISCONFIGURED.because("The identity provider's " + e.getMessage(), e);
        }
    }

    /** One at a time: who waits finds what the other has read. */
    private synchronized Keys readKeys(Instant now) {
        Keys known = keys;
        if (known != null && known.readAt().plus(LOOK_AGAIN).isAfter(now)) {
            return known;
        }
        Answer answer = ask(HttpRequest.newBuilder(described().keys()));
        if (answer.status() != 200) {
            throw unavailable("gives no keys (HTTP " + answer.status() + ")", null);
        }
        Map<String, JWK> byId = new LinkedHashMap<>();
        try {
            for (JWK key : JWKSet.parse(answer.json().toString()).getKeys()) {
                boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
                if (signs && key.getKeyID() != null) {
                    byId.put(key.getKeyID(), key);
                }
            }
        } catch (ParseException e) {
            throw unavailable("gives keys that cannot be read", e);
        }
        Keys read = new Keys(now, Map.copyOf(byId));
        keys = read;
        return read;
    }

    private ProviderTokens tokens(Map<String, String> fields) {
        String basic =
                encoded(config.clientId()) + ":" + encoded(config.clientSecret().value());
        Answer answer = ask(HttpRequest.newBuilder(described().token())
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(fields))));
        JsonNode json = answer.json();
        if (answer.status() / 100 == 4) {
            throw new ProviderRefusal(json.path("error").asText("HTTP " + answer.status()), null);
        }
        if (answer.status() != 200) {
            throw unavailable("gives no tokens (HTTP " + answer.status() + ")", null);
        }
        long life = json.path("refresh_expires_in").asLong(0);
        return new ProviderTokens(
                json.path("id_token").textValue(),
                json.path("refresh_token").textValue(),
                life > 0 ? Duration.ofSeconds(life) : null);
    }

    private Answer ask(HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> response = http.send(
                    request.timeout(ANSWER).header("Accept", "application/json").build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(LONGEST_ANSWER + 1);
                if (bytes.length > LONGEST_ANSWER) {
                    throw unavailable("gives an answer that is too long", null);
                }
                boolean read = bytes.length > 0 && response.statusCode() / 100 != 3;
                return new Answer(
                        response.statusCode(), read ? Json.MAPPER.readTree(bytes) : Json.MAPPER.createObjectNode());
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw unavailable("gives an answer that is no JSON", e);
        } catch (IOException e) {
            throw unavailable("does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for", e);
        }
    }

    private RuntimeException unavailable(String what, @Nullable Throwable cause) {
        return SignInProblem.UNAVAILABLE.because("The identity provider at " + config.issuer() + " " + what, cause);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
