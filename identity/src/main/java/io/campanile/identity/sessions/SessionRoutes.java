package io.campanile.identity.sessions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sign-in and sign-out for the gateway, and a person's own sessions. */
public final class SessionRoutes {
    private final SessionService sessions;

    public SessionRoutes(SessionService sessions) {
        this.sessions = requireNonNull(sessions, "sessions");
    }

    public void mount(Endpoints api) {
        api.handle(
                HttpMethod.POST,
                "/internal/login",
                Requires.service("identity.session.create", "session"),
                (caller, context) -> {
                    // A name or a password with a NUL is as wrong as any other.
                    Login body = Endpoints.readBodyWithAnyText(context, Login.class);
                    return LoginAnswer.of(sessions.login(body.attempt(), caller));
                });
        api.post(
                "/internal/logout",
                Requires.service("identity.session.end", "session"),
                Logout.class,
                (caller, body) -> new Left(sessions.logout(caller, body.sessionSecret(), body.origin())));
        api.get(
                "/api/campanile/v1/sessions",
                Requires.user("identity.session.list", "session"),
                (caller, context) -> new Sessions(
                        sessions.list(caller).stream().map(Shown::of).toList()));
        api.handle(
                HttpMethod.DELETE,
                "/api/campanile/v1/sessions/:session_id",
                Requires.object("identity.session.revoke", "session"),
                (caller, context) -> {
                    sessions.revoke(caller, ApiException.require(context.pathParam("session_id"), "session_id"));
                    return Map.of();
                });
        api.get(
                "/api/campanile/v1/users/:user_id/sessions",
                Requires.admin("identity.session.list-of-user", "session"),
                (caller, context) ->
                        new Sessions(sessions.listOf(caller, Endpoints.longParam(context, "user_id")).stream()
                                .map(Shown::of)
                                .toList()));
        api.handle(
                HttpMethod.DELETE,
                "/api/campanile/v1/users/:user_id/sessions/:session_id",
                Requires.admin("identity.session.revoke-of-user", "session"),
                (caller, context) -> {
                    sessions.revokeFor(
                            caller,
                            Endpoints.longParam(context, "user_id"),
                            ApiException.require(context.pathParam("session_id"), "session_id"));
                    return Map.of();
                });
    }

    record Login(
            String user,
            String password,
            @Nullable String newPassword,
            @Nullable String address,
            @Nullable Long workspaceId) {
        Login {
            ApiException.require(user, "user");
            ApiException.require(password, "password");
        }

        SessionService.Attempt attempt() {
            return new SessionService.Attempt(
                    user, password, newPassword, address == null ? "unknown" : address, workspaceId);
        }

        @Override
        public String toString() {
            return "Login[****]";
        }
    }

    /** Where the browser goes next to end the provider's session; absent where it stays. */
    record Left(@Nullable String redirectTo) {}

    /** {@code origin}: of the page, where the provider sends the browser back to. */
    record Logout(String sessionSecret, @Nullable String origin) {
        Logout {
            ApiException.require(sessionSecret, "session_secret");
        }

        @Override
        public String toString() {
            return "Logout[****]";
        }
    }

    record LoginAnswer(
            String sessionSecret,
            long workspaceId,
            long userId,
            String userName,
            String displayName,
            boolean admin,
            long expiresAt) {
        static LoginAnswer of(SessionService.SignedIn signedIn) {
            SessionStore.LoginAccount account = signedIn.account();
            return new LoginAnswer(
                    signedIn.secret().value(),
                    account.workspaceId(),
                    account.userId(),
                    account.userName(),
                    account.displayName(),
                    signedIn.admin(),
                    signedIn.expiresAt().toEpochMilli());
        }
    }

    record Shown(
            String sessionId, String address, long createdAt, long lastUsedAt, long expiresAt, boolean byProvider) {
        static Shown of(Session session) {
            return new Shown(
                    session.sessionId(),
                    session.address(),
                    session.createdAt().toEpochMilli(),
                    session.lastUsedAt().toEpochMilli(),
                    session.expiresAt().toEpochMilli(),
                    session.byProvider());
        }
    }

    record Sessions(List<Shown> sessions) {}
}
