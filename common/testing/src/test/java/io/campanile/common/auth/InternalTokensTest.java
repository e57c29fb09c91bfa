package io.campanile.common.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A signature is checked once, and nothing else: what a token is good for is asked each time it is shown. */
final class InternalTokensTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SettableClock clock = new SettableClock();
    private final InternalTokens tokens = new InternalTokens(KEY, clock);
    private final Caller caller = new Caller(1, 7, "somebody", true, null, "request-1");

    @Test
    void aTokenThatWasAcceptedIsRefusedWhenItsTimeIsOver() {
        String token = tokens.sign(caller, "workspace");

        assertThat(tokens.verify(token, "workspace")).contains(caller);
        clock.advance(Duration.ofSeconds(64));
        assertThat(tokens.verify(token, "workspace")).contains(caller);
        clock.advance(Duration.ofSeconds(2));
        assertThat(tokens.verify(token, "workspace")).isEmpty();
        assertThat(tokens.claims(token, "workspace")).isEmpty();
    }

    @Test
    void aTokenThatOneServiceAcceptedIsNoneForAnother() {
        String token = tokens.sign(caller, "workspace");

        assertThat(tokens.verify(token, "workspace")).isPresent();
        assertThat(tokens.verify(token, "identity")).isEmpty();
        assertThat(tokens.claims(token, "identity")).isEmpty();
        assertThat(tokens.verify(token, "workspace")).isPresent();
    }

    @Test
    void whatIsChangedInAnAcceptedTokenMakesItAForgery() {
        String token = tokens.sign(caller, "workspace");
        assertThat(tokens.verify(token, "workspace")).isPresent();
        String[] parts = token.split("\\.");
        String others = new InternalTokens(KEY, clock)
                .sign(new Caller(2, 7, "somebody", true, null, "request-1"), "workspace")
                .split("\\.")[1];

        assertThat(tokens.verify(parts[0] + "." + others + "." + parts[2], "workspace"))
                .isEmpty();
        assertThat(tokens.verify(parts[0] + "." + parts[1] + ".", "workspace")).isEmpty();
        assertThat(tokens.verify(token + "x", "workspace")).isEmpty();
    }

    @Test
    void aTokenOfAnotherKeyIsRefusedHoweverOftenItIsShown() {
        byte[] other = KEY.clone();
        other[0]++;
        String token = new InternalTokens(other, clock).sign(caller, "workspace");

        assertThat(tokens.verify(token, "workspace")).isEmpty();
        assertThat(tokens.verify(token, "workspace")).isEmpty();
    }

    @Test
    void claimsWithoutACallerAreClaimsOnly() {
        String token = tokens.sign(Map.of("node", "n1"), "workspace", Duration.ofMinutes(10));

        assertThat(tokens.claims(token, "workspace").orElseThrow()).containsEntry("node", "n1");
        assertThat(tokens.verify(token, "workspace")).isEmpty();
        clock.advance(Duration.ofMinutes(11));
        assertThat(tokens.claims(token, "workspace")).isEmpty();
    }
}
