package io.campanile.gateway;

import static io.campanile.gateway.SsoFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that no provider gave, or not to this browser, or not for us. */
final class SsoAttackTest {
    @TempDir
    static Path dataDir;

    private static SsoFixture sso;

    @BeforeAll
    static void start() throws Exception {
        sso = new SsoFixture(dataDir, settings -> settings);
    }

    @AfterAll
    static void stop() {
        sso.close();
    }

    @AfterEach
    void mend() {
        sso.provider.spoil = claims -> claims;
        sso.provider.signing = TestProvider::signed;
    }

    @Test
    void anAnswerIsGoodInTheBrowserThatAskedOnceAndSoon() {
        SsoFixture.Browser other = sso.browser();
        other.start("");
        SsoFixture.Browser mine = sso.browser();
        String state = mine.start("");
        String code = sso.provider.authorize(mine.request);
        assertThat(problem(other.back(Map.of("state", state, "code", code)))).isEqualTo("stale");
        assertThat(problem(mine.back(Map.of("state", state, "code", code))))
                .as("burnt by the other browser")
                .isEqualTo("stale");

        SsoFixture.Browser fresh = sso.browser();
        state = fresh.start("");
        code = sso.provider.authorize(fresh.request);
        assertThat(problem(fresh.back(Map.of("state", "0".repeat(64), "code", code))))
                .isEqualTo("stale");
        assertThat(problem(fresh.back(Map.of("code", code)))).isEqualTo("stale");
        assertThat(problem(sso.platform.get("/oidc/sso/callback?state=" + state + "&code=" + code)))
                .isEqualTo("stale");

        SsoFixture.Browser slow = sso.browser();
        state = slow.start("");
        sso.clock.advance(Duration.ofMinutes(16));
        assertThat(problem(slow.back(Map.of("state", state, "code", sso.provider.authorize(slow.request)))))
                .isEqualTo("stale");
    }

    @Test
    void aCodeAndAStateWorkOnce() {
        SsoFixture.Browser browser = sso.browser();
        String state = browser.start("");
        String code = sso.provider.authorize(browser.request);
        HttpResponse<String> in = browser.back(Map.of("state", state, "code", code));
        assertThat(in.headers().firstValue("Location")).contains("/");

        assertThat(problem(browser.back(Map.of("state", state, "code", code)))).isEqualTo("stale");
        String next = browser.start("");
        assertThat(problem(browser.back(Map.of("state", next, "code", code))))
                .as("a code that was used")
                .isEqualTo("stale");
        next = browser.start("");
        SsoFixture.Browser victim = sso.browser();
        victim.start("");
        assertThat(problem(browser.back(Map.of("state", next, "code", sso.provider.authorize(victim.request)))))
                .as("a code of somebody else's sign-in (PKCE)")
                .isEqualTo("stale");
    }

    @Test
    void twoTabsOfOneBrowserBothComeBack() {
        SsoFixture.Browser browser = sso.browser();
        String first = browser.start("");
        String firstCode = sso.provider.authorize(browser.request);
        String secret = browser.secret;
        String second = browser.start("");
        assertThat(browser.secret).isEqualTo(secret);

        assertThat(browser.back(Map.of("state", first, "code", firstCode))
                        .headers()
                        .firstValue("Location"))
                .contains("/");
        assertThat(browser.back(Map.of("state", second, "code", sso.provider.authorize(browser.request)))
                        .headers()
                        .firstValue("Location"))
                .contains("/");
    }

    @Test
    void claimsForSomebodyElseOrAnotherTimeAreRefused() {
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> spoiled = Map.ofEntries(
                Map.entry("nonce", claims -> claims.claim("nonce", "another")),
                Map.entry("no nonce", claims -> claims.claim("nonce", null)),
                Map.entry("issuer", claims -> claims.issuer("https://evil.example")),
                Map.entry("issuer as prefix", claims -> claims.issuer(sso.provider.issuer() + "/")),
                Map.entry("audience", claims -> claims.audience("another")),
                Map.entry("no audience", claims -> claims.audience((String) null)),
                Map.entry("two audiences", claims -> claims.audience(List.of(TestProvider.CLIENT, "another"))),
                Map.entry("authorized party", claims -> claims.claim("azp", "another")),
                Map.entry(
                        "expired",
                        claims -> claims.expirationTime(
                                Date.from(sso.clock.instant().minusSeconds(120)))),
                Map.entry("no end", claims -> claims.expirationTime(null)),
                Map.entry(
                        "the future",
                        claims -> claims.issueTime(Date.from(sso.clock.instant().plusSeconds(120)))),
                Map.entry("no subject", claims -> claims.subject(null)),
                Map.entry("long subject", claims -> claims.subject("s".repeat(256))),
                Map.entry("an access token", claims -> claims.claim("typ", "Bearer")),
                Map.entry("a logout token", claims -> claims.claim("events", Map.of("x", Map.of()))));
        spoiled.forEach((what, spoil) -> {
            sso.provider.spoil = spoil;
            assertThat(problem(sso.browser().signIn())).as(what).isEqualTo("untrusted");
        });
        sso.provider.spoil = claims ->
                claims.audience(List.of(TestProvider.CLIENT, "another")).claim("azp", TestProvider.CLIENT);
        assertThat(sso.browser().signIn().headers().firstValue("Location")).contains("/");
    }

    @Test
    void signaturesOfOthersAndOfNobodyAreRefused() throws Exception {
        RSAKey stranger = TestProvider.newKey();
        RSAKey sameId =
                new RSAKey.Builder(stranger).keyID(sso.provider.key.getKeyID()).build();
        byte[] published = sso.provider.key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        byte[] encoded = sso.provider.key.toRSAPublicKey().getEncoded();
        Map<String, java.util.function.BiFunction<JWTClaimsSet, RSAKey, String>> signings = Map.of(
                "alg none", (claims, key) -> new PlainJWT(claims).serialize(),
                "no signature",
                        (claims, key) -> {
                            String token = TestProvider.signed(claims, key);
                            return token.substring(0, token.lastIndexOf('.') + 1);
                        },
                "HS256 by the public key", (claims, key) -> hmac(claims, key, published),
                "HS256 by the encoded public key", (claims, key) -> hmac(claims, key, encoded),
                "a stranger's key with our id", (claims, key) -> TestProvider.signed(claims, sameId),
                "an unknown key", (claims, key) -> TestProvider.signed(claims, stranger),
                "a key in the header", (claims, key) -> ownKey(claims, stranger),
                "changed claims", (claims, key) -> changed(TestProvider.signed(claims, key)),
                "garbage", (claims, key) -> "a.b.c");
        signings.forEach((what, signing) -> {
            sso.provider.signing = signing;
            assertThat(problem(sso.browser().signIn())).as(what).isEqualTo("untrusted");
        });
    }

    @Test
    void aNewKeyIsFoundAndAnUnknownOneDoesNotMakeUsAskAgainAndAgain() {
        assertThat(sso.browser().signIn().headers().firstValue("Location")).contains("/");
        sso.clock.advance(Duration.ofSeconds(11));
        sso.provider.key = TestProvider.newKey();
        assertThat(sso.browser().signIn().headers().firstValue("Location")).contains("/");

        RSAKey stranger = TestProvider.newKey();
        sso.provider.signing = (claims, key) -> TestProvider.signed(claims, stranger);
        int read = sso.provider.keysRead.get();
        for (int i = 0; i < 5; i++) {
            assertThat(problem(sso.browser().signIn())).isEqualTo("untrusted");
        }
        assertThat(sso.provider.keysRead.get() - read).isLessThanOrEqualTo(1);
    }

    @Test
    void anAnswerThatNamesAnotherIssuerIsRefused() {
        SsoFixture.Browser browser = sso.browser();
        String state = browser.start("");

        assertThat(problem(browser.back(Map.of(
                        "state",
                        state,
                        "code",
                        sso.provider.authorize(browser.request),
                        "iss",
                        "https://evil.example"))))
                .isEqualTo("untrusted");
    }

    @Test
    void theWayBackIsAPathOfThisSite() {
        for (String next : List.of("//evil.example", "https://evil.example", "/\\evil.example", "/a/../..//x", "")) {
            SsoFixture.Browser browser = sso.browser();
            String state = browser.start("?" + OAuthBrowser.form(Map.of("next", next)));
            HttpResponse<String> in =
                    browser.back(Map.of("state", state, "code", sso.provider.authorize(browser.request)));
            assertThat(in.headers().firstValue("Location")).as(next).contains("/");
        }
        SsoFixture.Browser browser = sso.browser();
        String state = browser.start("?" + OAuthBrowser.form(Map.of("next", "/editor/notebooks/7?cell=2")));
        HttpResponse<String> in = browser.back(Map.of("state", state, "code", sso.provider.authorize(browser.request)));
        assertThat(in.headers().firstValue("Location")).contains("/editor/notebooks/7?cell=2");
        assertThat(in.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("campanile_session=")
                .contains("HttpOnly", "SameSite=Strict");
        assertThat(in.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    }

    @Test
    void errorsOfTheProviderAreToldInOurWords() {
        Map<String, String> words = Map.of(
                "access_denied", "canceled",
                "temporarily_unavailable", "unavailable",
                "invalid_scope", "misconfigured",
                "<script>", "misconfigured");
        words.forEach((error, problem) -> {
            SsoFixture.Browser browser = sso.browser();
            String state = browser.start("");
            assertThat(problem(browser.back(Map.of("state", state, "error", error))))
                    .isEqualTo(problem);
        });
    }

    private static String hmac(JWTClaimsSet claims, RSAKey key, byte[] secret) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new MACSigner(secret));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ownKey(JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .jwk(key.toPublicJWK())
                            .build(),
                    claims);
            jwt.sign(new com.nimbusds.jose.crypto.RSASSASigner(key));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String changed(String token) {
        String[] parts = token.split("\\.", -1);
        String claims = new String(java.util.Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        return parts[0] + "."
                + java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.replace("ada@", "eve@").getBytes(StandardCharsets.UTF_8))
                + "." + parts[2];
    }
}
