package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.gateway.access.SessionCookie;
import io.campanile.gateway.access.SignInCookie;
import io.campanile.gateway.access.Target;
import io.campanile.gateway.proxy.Bodies;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A browser's way to an identity provider and back. Whatever goes wrong ends on our own sign-in page, which says it in
 * words; no address that anybody sends is gone to.
 */
public final class SsoRoutes {
    private static final long BODY_LIMIT = 128 * 1024;
    private static final String CALLBACK = "/oidc/sso/callback";

    private final ServiceCalls services;
    private final SessionCookie session;
    private final SignInCookie browser;
    private final Function<HttpServerRequest, String> origin;
    private final Clock clock;

    /** {@code origin}: the address of this site as the browser spells it. */
    public SsoRoutes(
            ServiceCalls services,
            SessionCookie session,
            SignInCookie browser,
            Function<HttpServerRequest, String> origin,
            Clock clock) {
        this.services = requireNonNull(services, "services");
        this.session = requireNonNull(session, "session");
        this.browser = requireNonNull(browser, "browser");
        this.origin = requireNonNull(origin, "origin");
        this.clock = requireNonNull(clock, "clock");
    }

    public void mount(OwnRoutes routes) {
        routes.add(
                HttpMethod.GET,
                "/api/campanile/v1/sign-in",
                new Requires("gateway.sign-in.read", "provider", Access.OPEN),
                (context, nobody) -> services.get("identity", "/internal/sso", RequestIds.of(context))
                        .compose(options -> JsonAnswer.write(context, 200, options)));
        routes.add(
                HttpMethod.GET,
                "/oidc/sso/start",
                new Requires("gateway.sso.start", "session", Access.OPEN),
                (context, nobody) -> start(context));
        routes.add(
                HttpMethod.GET,
                CALLBACK,
                new Requires("gateway.sso.finish", "session", Access.OPEN),
                (context, nobody) -> finish(context));
        routes.add(
                HttpMethod.POST,
                "/oidc/sso/logout",
                new Requires("gateway.sso.logout", "session", Access.OPEN),
                (context, nobody) -> ended(context));
    }

    private Future<Void> start(RoutingContext context) {
        Target target = Target.of(context);
        if (!target.there()) {
            return problem(context, "no_workspace", null);
        }
        @Nullable String next = one(context, "next");
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("redirect_uri", origin.apply(context.request()) + CALLBACK);
        asked.put("address", context.request().remoteAddress().hostAddress());
        put(asked, "next", next);
        browser.value(context.request()).ifPresent(secret -> asked.put("browser", secret));
        target.wanted().ifPresent(id -> asked.put("workspace_id", id));
        return services.post("identity", "/internal/sso/start", asked, RequestIds.of(context))
                .compose(sent -> {
                    context.response()
                            .putHeader(
                                    "Set-Cookie",
                                    browser.give(sent.path("browser").asText()));
                    return redirect(context, sent.path("location").asText());
                })
                .recover(failure -> refused(context, failure, next));
    }

    private Future<Void> finish(RoutingContext context) {
        Map<String, Object> answer = new LinkedHashMap<>();
        for (String name : List.of("state", "code", "error")) {
            put(answer, name, one(context, name));
        }
        put(answer, "issuer", one(context, "iss"));
        browser.value(context.request()).ifPresent(secret -> answer.put("browser", secret));
        answer.put("address", context.request().remoteAddress().hostAddress());
        return services.post("identity", "/internal/sso/finish", answer, RequestIds.of(context))
                .compose(in -> welcome(context, in))
                .recover(failure -> refused(context, failure, null));
    }

    /** The browser's secret stays: another tab may be on its way as well. */
    private Future<Void> welcome(RoutingContext context, JsonNode in) {
        long seconds = Math.max(1, (in.path("expires_at").asLong() - clock.millis()) / 1000);
        context.response()
                .putHeader("Set-Cookie", session.give(in.path("session_secret").asText(), seconds));
        return redirect(context, in.path("next").asText());
    }

    /** OpenID Connect Back-Channel Logout 1.0, 2.8: from the provider itself, which shows nothing but the token. */
    private Future<Void> ended(RoutingContext context) {
        return Bodies.read(context.request(), BODY_LIMIT)
                .compose(body -> {
                    @Nullable
                    String token = FormBody.read(context.request(), body).get("logout_token");
                    return services.post(
                            "identity",
                            "/internal/sso/logout",
                            token == null ? Map.of() : Map.of("logout_token", token),
                            RequestIds.of(context));
                })
                .compose(done -> JsonAnswer.write(context, 200, Map.of()))
                .recover(failure ->
                        failure instanceof ApiException refusal && refusal.code() == ErrorCode.UNAUTHENTICATED
                                ? JsonAnswer.write(
                                        context,
                                        400,
                                        Map.of(
                                                "error",
                                                "invalid_request",
                                                "error_description",
                                                String.valueOf(refusal.getMessage())))
                                : Future.failedFuture(failure));
    }

    private Future<Void> refused(RoutingContext context, Throwable failure, @Nullable String next) {
        if (!(failure instanceof ApiException refusal)) {
            return Future.failedFuture(failure);
        }
        if (refusal.code() == ErrorCode.ENDPOINT_NOT_FOUND) {
            return Future.failedFuture(failure);
        }
        String problem = refusal.details().stream()
                .map(fact -> fact.get("sign_in_problem"))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElse(refusal.code() == ErrorCode.REQUEST_LIMIT_EXCEEDED ? "limited" : "unavailable");
        return problem(context, problem, next);
    }

    private static Future<Void> problem(RoutingContext context, String problem, @Nullable String next) {
        return redirect(
                context,
                "/login?problem=" + encoded(problem) + "&request=" + encoded(RequestIds.of(context))
                        + (next == null ? "" : "&next=" + encoded(next)));
    }

    private static Future<Void> redirect(RoutingContext context, String target) {
        return context.response()
                .setStatusCode(303)
                .putHeader("Location", target)
                .end();
    }

    /** A parameter that may be sent once; twice is as good as not at all. */
    private static @Nullable String one(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        return values.size() == 1 ? values.get(0) : null;
    }

    private static void put(Map<String, Object> body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
