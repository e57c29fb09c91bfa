package io.campanile.cli.login;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.profiles.Profile;
import io.campanile.cli.profiles.ProfileFile;
import io.campanile.cli.session.Discovery;
import io.campanile.cli.session.OAuthTokens;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Credentials;
import io.campanile.cli.wire.Host;
import io.campanile.cli.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends what a sign-in made, on the server first. */
@Command(
        name = "logout",
        description = "Revoke the token that 'login' made, and forget the profile. A token that was given to 'login"
                + " --token-stdin' is only forgotten.")
public final class LogoutCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--forget", description = "Forget the profile even when the server cannot be asked to revoke.")
    boolean forget;

    public LogoutCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ProfileFile file = session.profiles().file();
        String name = session.profiles().name();
        Profile profile = file.find(name)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.REFUSED, "Nobody is signed in: " + file.path() + " has no profile " + name + "."));
        boolean revoked = revoke(profile);
        file.remove(name);
        session.done(
                Json.object().put("profile", name).put("revoked", revoked),
                revoked
                        ? "Signed out; the token is revoked."
                        : "The profile " + name + " is forgotten. Its token was not revoked: it works until it expires,"
                                + " or until 'campanile tokens revoke'.");
        return 0;
    }

    private boolean revoke(Profile profile) {
        Optional<String> host = profile.value(Profile.HOST);
        if (host.isEmpty()) {
            return false;
        }
        try {
            ApiClient nobody = session.at(Host.parse(host.get()));
            return profile.value(Profile.REFRESH_TOKEN).isPresent()
                    ? endGrant(nobody, profile)
                    : endToken(nobody, profile);
        } catch (ApiFailure e) {
            // It works no more: that is what was wanted.
            if (e.status() == 401 || e.status() == 404) {
                return true;
            }
            return forgetOr(e);
        } catch (CliFailure e) {
            return forgetOr(e);
        }
    }

    private boolean forgetOr(CliFailure e) {
        if (forget) {
            return false;
        }
        throw new CliFailure(
                e.exit(), e.text() + "\nThe profile is kept; --forget drops it without revoking the token.", e);
    }

    private static boolean endToken(ApiClient nobody, Profile profile) {
        Optional<String> token = profile.value(Profile.TOKEN);
        Optional<String> id = profile.value(Profile.TOKEN_ID);
        if (token.isEmpty() || id.isEmpty()) {
            return false;
        }
        nobody.as(Credentials.token(token.get()))
                .post("/api/2.0/token/delete", Json.object().put("token_id", id.get()));
        return true;
    }

    /** RFC 7009, where the server has it. */
    private static boolean endGrant(ApiClient nobody, Profile profile) {
        Optional<String> path = Discovery.of(nobody).revocationPath();
        if (path.isEmpty()) {
            return false;
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", OAuthTokens.CLIENT);
        form.put("token", profile.value(Profile.REFRESH_TOKEN).orElse(""));
        form.put("token_type_hint", "refresh_token");
        nobody.json(Call.form(path.get(), form));
        return true;
    }
}
