package io.campanile.cli.session;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.profiles.Profile;
import io.campanile.cli.profiles.ProfileFile;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Credentials;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** An access token that is renewed before it ends, under the file's lock: a refresh token may work only once. */
final class RefreshedToken implements Credentials {
    private static final long EARLY_MILLIS = 30_000;

    private final ProfileFile file;
    private final ApiClient nobody;
    private final Clock clock;
    private Profile profile;

    RefreshedToken(ProfileFile file, Profile profile, ApiClient nobody, Clock clock) {
        this.file = file;
        this.profile = profile;
        this.nobody = nobody;
        this.clock = clock;
    }

    @Override
    public void sign(HttpRequest.Builder request) {
        if (ending(profile)) {
            refresh(profile.value(Profile.ACCESS_TOKEN).orElse(""));
        }
        request.setHeader(
                "Authorization", "Bearer " + profile.value(Profile.ACCESS_TOKEN).orElse(""));
    }

    @Override
    public boolean renew() {
        String refused = profile.value(Profile.ACCESS_TOKEN).orElse("");
        refresh(refused);
        return !profile.value(Profile.ACCESS_TOKEN).orElse("").equals(refused);
    }

    private void refresh(String used) {
        profile = file.update(profile.name(), now -> {
            String access = now.value(Profile.ACCESS_TOKEN).orElse("");
            // Another command of this person was first.
            return !access.equals(used) && !ending(now) ? now : ask(now).into(now);
        });
    }

    private OAuthTokens ask(Profile now) {
        String refresh = now.value(Profile.REFRESH_TOKEN).orElseThrow(RefreshedToken::over);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("client_id", OAuthTokens.CLIENT);
        form.put("refresh_token", refresh);
        try {
            return OAuthTokens.of(nobody.json(Call.form(endpoint(), form)), refresh, clock);
        } catch (ApiFailure e) {
            if (e.status() == 400 || e.status() == 401) {
                throw over();
            }
            throw e;
        }
    }

    private String endpoint() {
        return Discovery.of(nobody).tokenPath();
    }

    private boolean ending(Profile at) {
        long expires = at.value(Profile.EXPIRES_AT)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
        return clock.millis() > expires - EARLY_MILLIS;
    }

    private static CliFailure over() {
        return new CliFailure(ExitCode.REFUSED, "The sign-in has ended.\nSign in with: campanile login --browser");
    }
}
