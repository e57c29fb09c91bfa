package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.scim.FederationService;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway asks for its routes under {@code /oidc/sso}, and how people sign in, for pages. */
public final class SsoRoutes {
    private final SsoConfig config;
    private final SsoService signIn;
    private final SsoSessionService sessions;
    private final FederationService members;

    SsoRoutes(SsoConfig config, SsoService signIn, SsoSessionService sessions, FederationService members) {
        this.config = requireNonNull(config, "config");
        this.signIn = requireNonNull(signIn, "signIn");
        this.sessions = requireNonNull(sessions, "sessions");
        this.members = requireNonNull(members, "members");
    }

    public void mount(Endpoints api) {
        api.get(
                "/internal/sso",
                Requires.service("identity.sso.read", "provider"),
                (caller, context) ->
                        new Options(config.on() ? config.name() : null, !config.on() || config.passwordSignIn()));
        api.post(
                "/internal/sso/start",
                Requires.service("identity.sso.start", "session"),
                Start.class,
                (caller, body) -> {
                    SsoService.Sent sent = signIn.start(body.asked());
                    return new Location(sent.location(), sent.browser());
                });
        api.post(
                "/internal/sso/finish",
                Requires.service("identity.sso.sign-in", "session"),
                Finish.class,
                (caller, body) -> Finished.of(signIn.finish(body.answer(), caller)));
        api.post(
                "/internal/sso/logout",
                Requires.service("identity.sso.logout", "session"),
                Logout.class,
                (caller, body) -> {
                    sessions.ended(body.logoutToken(), caller);
                    return Map.of();
                });
        mountWays(api);
    }

    private void mountWays(Endpoints api) {
        api.get(
                "/api/campanile/v1/me/sign-in",
                Requires.user("identity.sign-in.read", "user"),
                (caller, context) -> ways(caller, caller.userId()));
        api.get(
                "/api/campanile/v1/users/:user_id/sign-in",
                Requires.admin("identity.sign-in.read-of-user", "user"),
                (caller, context) -> ways(caller, Endpoints.longParam(context, "user_id")));
        api.handle(
                HttpMethod.DELETE,
                "/api/campanile/v1/users/:user_id/sign-in/provider",
                Requires.admin("identity.sign-in.unlink", "user"),
                (caller, context) -> {
                    members.unlink(caller, Endpoints.longParam(context, "user_id"));
                    return Map.of();
                });
    }

    private Ways ways(Caller caller, long userId) {
        FederationService.Ways found = members.ways(caller, userId);
        return new Ways(
                found.password(),
                found.links().stream()
                        .map(link -> new Provider(
                                link.issuer().equals(config.issuer()) ? config.name() : link.issuer(),
                                link.issuer(),
                                link.subject(),
                                link.linkedAt().toEpochMilli(),
                                link.lastSignInAt().toEpochMilli()))
                        .toList());
    }

    /** {@code provider}: what the page calls it; absent where there is none. */
    record Options(@Nullable String provider, boolean passwords) {}

    record Start(
            String redirectUri,
            @Nullable String next,
            String address,
            @Nullable String browser,
            @Nullable Long workspaceId) {
        Start {
            ApiException.require(redirectUri, "redirect_uri");
            ApiException.require(address, "address");
        }

        SsoService.Asked asked() {
            return new SsoService.Asked(redirectUri, next, address, browser, workspaceId);
        }

        @Override
        public String toString() {
            return "Start[****]";
        }
    }

    record Location(String location, String browser) {
        @Override
        public String toString() {
            return "Location[****]";
        }
    }

    record Finish(
            @Nullable String state,
            @Nullable String code,
            @Nullable String error,
            @Nullable String issuer,
            @Nullable String browser,
            String address) {
        Finish {
            ApiException.require(address, "address");
        }

        SsoService.Answer answer() {
            return new SsoService.Answer(state, code, error, issuer, browser, address);
        }

        @Override
        public String toString() {
            return "Finish[****]";
        }
    }

    record Finished(String sessionSecret, long workspaceId, long expiresAt, String next) {
        static Finished of(SsoService.In in) {
            return new Finished(
                    in.session().secret().value(),
                    in.workspaceId(),
                    in.session().expiresAt().toEpochMilli(),
                    in.next());
        }

        @Override
        public String toString() {
            return "Finished[****]";
        }
    }

    record Logout(String logoutToken) {
        Logout {
            ApiException.require(logoutToken, "logout_token");
        }

        @Override
        public String toString() {
            return "Logout[****]";
        }
    }

    record Provider(String name, String issuer, String subject, long linkedAt, long lastSignInAt) {}

    record Ways(boolean password, List<Provider> providers) {}
}
