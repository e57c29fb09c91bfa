package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.gateway.access.Authenticator;
import io.campanile.gateway.access.Credential;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.access.SessionCookie;
import io.campanile.gateway.access.Target;
import io.campanile.gateway.proxy.Bodies;
import io.campanile.gateway.proxy.OpenSockets;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns a password into a session cookie and back. The secret is in the cookie alone, never in a body. */
public final class SignInRoutes {
    private static final long BODY_LIMIT = 16 * 1024;
    private static final long NO_WORKSPACE = 0;

    private final ServiceCalls services;
    private final SessionCookie cookie;
    private final Authenticator authenticator;
    private final OpenSockets sockets;
    private final Predicate<HttpServerRequest> fromOurPage;
    private final Function<HttpServerRequest, String> origin;
    private final Clock clock;

    public SignInRoutes(
            ServiceCalls services,
            SessionCookie cookie,
            Authenticator authenticator,
            OpenSockets sockets,
            Predicate<HttpServerRequest> fromOurPage,
            Function<HttpServerRequest, String> origin,
            Clock clock) {
        this.services = requireNonNull(services, "services");
        this.cookie = requireNonNull(cookie, "cookie");
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.sockets = requireNonNull(sockets, "sockets");
        this.fromOurPage = requireNonNull(fromOurPage, "fromOurPage");
        this.origin = requireNonNull(origin, "origin");
        this.clock = requireNonNull(clock, "clock");
    }

    public void mount(OwnRoutes routes) {
        routes.add(
                HttpMethod.POST,
                "/api/campanile/v1/login",
                new Requires("gateway.login", "session", Access.OPEN),
                (context, nobody) -> login(context));
        routes.add(
                HttpMethod.POST, "/api/campanile/v1/logout", Requires.user("gateway.logout", "session"), this::logout);
        routes.add(
                HttpMethod.POST,
                "/api/campanile/v1/me/password",
                Requires.user("identity.password.change", "user"),
                this::changePassword);
        routes.add(
                HttpMethod.GET,
                "/api/campanile/v1/me/session",
                Requires.user("identity.session.current", "session"),
                (context, person) -> JsonAnswer.write(context, 200, new Current(person.sessionId())));
    }

    /** Which of a person's sessions a request came in; absent where it came with a token. */
    record Current(@Nullable String sessionId) {}

    private Future<Void> login(RoutingContext context) {
        if (!fromOurPage.test(context.request())) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Sign-in from a page of another origin is refused");
        }
        @Nullable String type = context.request().getHeader("Content-Type");
        if (type == null || !type.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
            throw ApiException.invalid("Content-Type must be application/json");
        }
        String requestId = RequestIds.of(context);
        String address = context.request().remoteAddress().hostAddress();
        return Bodies.read(context.request(), BODY_LIMIT)
                .map(SignInRoutes::parse)
                .compose(asked -> services.post(
                        "identity", "/internal/login", asked(asked, address, Target.of(context)), requestId))
                .compose(answer -> endFormer(context).map(answer))
                .compose(answer -> welcome(context, answer));
    }

    /** At the address of a workspace people sign in to it; at one that is no workspace's, to none. */
    private static Map<String, Object> asked(Login login, String address, Target target) {
        Map<String, Object> asked = login.from(address);
        if (!target.there()) {
            asked.put("workspace_id", NO_WORKSPACE);
        } else if (target.wanted().isPresent()) {
            asked.put("workspace_id", target.wanted().getAsLong());
        }
        return asked;
    }

    private Future<Void> welcome(RoutingContext context, JsonNode session) {
        long seconds = Math.max(1, (session.path("expires_at").asLong() - clock.millis()) / 1000);
        context.response()
                .putHeader(
                        "Set-Cookie", cookie.give(session.path("session_secret").asText(), seconds))
                .putHeader("X-Databricks-Org-Id", session.path("workspace_id").asText());
        return JsonAnswer.write(
                context,
                200,
                new SignedIn(
                        session.path("user_id").asLong(),
                        session.path("user_name").asText(),
                        session.path("display_name").asText(),
                        session.path("admin").asBoolean(),
                        session.path("workspace_id").asLong()));
    }

    /** Signing in again ends the session the browser had, instead of leaving it behind. */
    private Future<Void> endFormer(RoutingContext context) {
        List<String> former = cookie.values(context.request());
        return former.size() == 1 && former.get(0).matches("[0-9a-f]{64}")
                ? end(Map.of("session_secret", former.get(0)), RequestIds.of(context))
                        .mapEmpty()
                : Future.succeededFuture();
    }

    private Future<Void> logout(RoutingContext context, Principal principal) {
        @Nullable String sessionId = principal.sessionId();
        if (sessionId == null) {
            throw ApiException.invalid("A token does not sign out; delete it with /api/2.0/token/delete");
        }
        Map<String, Object> asked = Map.of(
                "session_secret", cookie.values(context.request()).get(0),
                "origin", origin.apply(context.request()));
        return end(asked, RequestIds.of(context)).compose(ended -> {
            sockets.endSession(sessionId);
            context.response().putHeader("Set-Cookie", cookie.take());
            return JsonAnswer.write(context, 200, ended);
        });
    }

    /** Here and not in identity alone: the session in use stays, and the gateway knows which one that is. */
    private Future<Void> changePassword(RoutingContext context, Principal person) {
        String address = context.request().remoteAddress().hostAddress();
        return Bodies.read(context.request(), BODY_LIMIT)
                .compose(body -> {
                    JsonNode json = JsonAnswer.parse(body);
                    Map<String, Object> asked = new LinkedHashMap<>();
                    asked.put("workspace_id", person.workspaceId());
                    asked.put("user_id", person.userId());
                    asked.put("user_name", person.userName());
                    asked.put("address", address);
                    asked.put("old_password", text(json, "old_password"));
                    asked.put("new_password", text(json, "new_password"));
                    if (person.sessionId() != null) {
                        asked.put("session_id", person.sessionId());
                    }
                    return services.post("identity", "/internal/password", asked, RequestIds.of(context));
                })
                .compose(changed -> JsonAnswer.write(context, 200, Map.of()));
    }

    /** The answer says where the browser goes to end its session with an identity provider too. */
    private Future<JsonNode> end(Map<String, Object> asked, String requestId) {
        return services.post("identity", "/internal/logout", asked, requestId).map(ended -> {
            authenticator.forget(new Credential(Credential.Kind.SESSION, String.valueOf(asked.get("session_secret"))));
            return ended;
        });
    }

    private static Login parse(Buffer body) {
        JsonNode json = JsonAnswer.parse(body);
        return new Login(
                text(json, "user"),
                text(json, "password"),
                json.hasNonNull("new_password") ? text(json, "new_password") : null);
    }

    private static String text(@Nullable JsonNode json, String field) {
        @Nullable JsonNode value = json == null ? null : json.get(field);
        if (value == null || !value.isTextual()) {
            throw ApiException.invalid("Missing required field: " + field);
        }
        return value.asText();
    }

    private record Login(
            String user, String password, @Nullable String newPassword) {
        /** What identity is asked; it takes part in no log and no message. */
        Map<String, Object> from(String address) {
            Map<String, Object> asked = new LinkedHashMap<>();
            asked.put("user", user);
            asked.put("password", password);
            asked.put("address", address);
            if (newPassword != null) {
                asked.put("new_password", newPassword);
            }
            return asked;
        }

        @Override
        public String toString() {
            return "Login[****]";
        }
    }

    record SignedIn(long userId, String userName, String displayName, boolean admin, long workspaceId) {}
}
