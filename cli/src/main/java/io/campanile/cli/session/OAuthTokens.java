package io.campanile.cli.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.profiles.Profile;
import java.time.Clock;

/** What a token endpoint answered (RFC 6749, 5.1). */
public record OAuthTokens(String access, String refresh, long expiresAt) {
    /** The public client of this program; it has no secret. */
    public static final String CLIENT = "campanile-cli";

    /** {@code before}: the refresh token that stays when the server does not give a new one. */
    public static OAuthTokens of(JsonNode answer, String before, Clock clock) {
        String access = answer.path("access_token").asText("");
        String refresh = answer.path("refresh_token").asText(before);
        if (access.isEmpty() || refresh.isEmpty()) {
            throw new CliFailure(
                    ExitCode.FAILURE, "The server's token endpoint answered without access_token or refresh_token.");
        }
        long seconds = answer.path("expires_in").asLong(0);
        return new OAuthTokens(access, refresh, clock.millis() + seconds * 1000);
    }

    public Profile into(Profile profile) {
        return profile.with(Profile.ACCESS_TOKEN, access)
                .with(Profile.REFRESH_TOKEN, refresh)
                .with(Profile.EXPIRES_AT, Long.toString(expiresAt));
    }

    @Override
    public String toString() {
        return "OAuthTokens[****]";
    }
}
