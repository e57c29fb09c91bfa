package io.campanile.gateway;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An OpenID provider with one client, as strict as the specification, whose tokens a test may spoil. */
final class TestProvider implements AutoCloseable {
    static final String CLIENT = "campanile";
    static final String SECRET = "a secret: with %signs and ünusual letters";

    final AtomicInteger keysRead = new AtomicInteger();
    /** Claims of whoever is signed in over there. */
    volatile Map<String, Object> person = Map.of("sub", "sub-1", "email", "ada@example.com", "email_verified", true);
    /** Changes the claims of an ID token before it is signed. */
    volatile UnaryOperator<JWTClaimsSet.Builder> spoil = claims -> claims;
    /** How claims become a token. */
    volatile BiFunction<JWTClaimsSet, RSAKey, String> signing = TestProvider::signed;
    /** Refresh tokens are answered with an error, or with HTTP 500 for {@code down}. */
    volatile String refreshError = "";
    /** Seconds that a refresh token lives unused. */
    volatile long refreshLife = 1800;

    volatile RSAKey key = newKey();
    private final Clock clock;
    private final HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();

    TestProvider(Clock clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
        server.createContext("/realm/.well-known/openid-configuration", exchange -> answer(exchange, 200, described()));
        server.createContext("/realm/keys", exchange -> {
            keysRead.incrementAndGet();
            answer(exchange, 200, new JWKSet(key).toJSONObject());
        });
        server.createContext("/realm/token", this::token);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    }

    /** The person has signed in over there: the code the browser is sent back with. */
    String authorize(Map<String, String> request) {
        String code = UUID.randomUUID().toString();
        codes.put(code, request);
        return code;
    }

    /** Signs as the provider does; a test's own claims. */
    String token(JWTClaimsSet.Builder claims) {
        return signing.apply(spoil.apply(claims).build(), key);
    }

    /** A right logout token. */
    JWTClaimsSet.Builder logoutClaims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(clock.instant()))
                .jwtID(UUID.randomUUID().toString())
                .claim("sid", "sid-" + person.get("sub"))
                .subject(String.valueOf(person.get("sub")))
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    }

    static String signed(JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(JOSEObjectType.JWT)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private Map<String, Object> described() {
        return Map.of(
                "issuer", issuer(),
                "authorization_endpoint", issuer() + "/auth",
                "token_endpoint", issuer() + "/token",
                "jwks_uri", issuer() + "/keys",
                "end_session_endpoint", issuer() + "/logout");
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                OAuthBrowser.query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (!client(exchange)) {
            answer(exchange, 401, Map.of("error", "invalid_client"));
        } else if ("refresh_token".equals(form.get("grant_type"))) {
            refresh(exchange, form);
        } else {
            Map<String, String> request = codes.remove(form.get("code"));
            if (request == null
                    || !Objects.equals(request.get("redirect_uri"), form.get("redirect_uri"))
                    || !Objects.equals(
                            request.get("code_challenge"), challenge(form.getOrDefault("code_verifier", "")))) {
                answer(exchange, 400, Map.of("error", "invalid_grant"));
            } else {
                give(exchange, request.get("nonce"));
            }
        }
    }

    private void refresh(HttpExchange exchange, Map<String, String> form) throws IOException {
        if (refreshError.equals("down")) {
            answer(exchange, 500, Map.of());
        } else if (!refreshError.isEmpty() || !refreshTokens.remove(form.get("refresh_token"))) {
            answer(exchange, 400, Map.of("error", refreshError.isEmpty() ? "invalid_grant" : refreshError));
        } else {
            give(exchange, null);
        }
    }

    private void give(HttpExchange exchange, @Nullable String nonce) throws IOException {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(300)))
                .claim("sid", "sid-" + person.get("sub"))
                .claim("typ", "ID");
        person.forEach(claims::claim);
        if (nonce != null) {
            claims.claim("nonce", nonce);
        }
        String refreshToken = UUID.randomUUID().toString();
        refreshTokens.add(refreshToken);
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("id_token", token(claims));
        tokens.put("access_token", "of no use here");
        tokens.put("refresh_token", refreshToken);
        tokens.put("refresh_expires_in", refreshLife);
        answer(exchange, 200, tokens);
    }

    private static boolean client(HttpExchange exchange) {
        List<String> given = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
        String right = OAuthBrowser.form(Map.of("x", CLIENT)).substring(2) + ":"
                + OAuthBrowser.form(Map.of("x", SECRET)).substring(2);
        return given.equals(
                List.of("Basic " + Base64.getEncoder().encodeToString(right.getBytes(StandardCharsets.UTF_8))));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
