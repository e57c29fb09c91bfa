package io.campanile.cli.login;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Credentials;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** A browser's session, for as long as it takes to make a token with it. */
final class PasswordSignIn implements AutoCloseable {
    private final ApiClient nobody;
    private @Nullable ApiClient open;

    PasswordSignIn(ApiClient nobody) {
        this.nobody = nobody;
    }

    ApiClient open(String user, String password) {
        String origin = nobody.host().url();
        Call call = Call.json(
                        "POST",
                        "/api/campanile/v1/login",
                        Json.object().put("user", user).put("password", password))
                .header("Origin", origin);
        HttpResponse<InputStream> answer = nobody.open(call);
        try (InputStream body = answer.body()) {
            body.readAllBytes();
        } catch (IOException e) {
            throw nobody.unreachable(call, e);
        }
        String cookie = answer.headers()
                .firstValue("set-cookie")
                .map(value -> value.split(";", 2)[0])
                .orElseThrow(() -> CliFailure.failed(origin + " let " + user + " in without a session."));
        ApiClient signedIn = nobody.as(Credentials.cookie(cookie, origin));
        open = signedIn;
        return signedIn;
    }

    /** The session has done its work; that it cannot be ended is no reason to fail. */
    @Override
    public void close() {
        ApiClient session = open;
        if (session != null) {
            try {
                session.post("/api/campanile/v1/logout", Json.object());
            } catch (CliFailure e) {
                return;
            }
        }
    }
}
