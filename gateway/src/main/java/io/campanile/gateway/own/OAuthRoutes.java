package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.Errors;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.access.Target;
import io.campanile.gateway.proxy.Bodies;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * OAuth as clients and browsers see it. The person decides on a page of ours, which sends the decision as any other
 * request of a page: with the session cookie and the page's own origin.
 */
public final class OAuthRoutes {
    private static final long BODY_LIMIT = 16 * 1024;
    private static final String PAGE = "/oauth/authorize";
    private static final List<String> ASKED = List.of(
            "client_id",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method",
            "nonce");
    private static final List<String> SHOWN = List.of(
            "grant_type",
            "client_id",
            "client_secret",
            "code",
            "redirect_uri",
            "code_verifier",
            "refresh_token",
            "scope");

    private final ServiceCalls services;
    private final Function<HttpServerRequest, String> origin;

    public OAuthRoutes(ServiceCalls services, Function<HttpServerRequest, String> origin) {
        this.services = requireNonNull(services, "services");
        this.origin = requireNonNull(origin, "origin");
    }

    public void mount(OwnRoutes routes) {
        routes.add(
                HttpMethod.GET,
                "/oidc/jwks.json",
                new Requires("gateway.oauth.keys", "signing-key", Access.OPEN),
                (context, nobody) -> keys(context));
        routes.add(
                HttpMethod.GET,
                "/oidc/v1/authorize",
                new Requires("gateway.oauth.authorize", "oauth-client", Access.OPEN),
                (context, nobody) -> authorize(context));
        routes.add(
                HttpMethod.POST,
                "/oidc/v1/token",
                new Requires("gateway.oauth.token", "oauth-client", Access.OPEN),
                (context, nobody) -> token(context));
        routes.add(
                HttpMethod.GET,
                "/api/campanile/v1/oauth/request",
                Requires.user("gateway.oauth.request", "oauth-client"),
                (context, person) -> described(context));
        routes.add(
                HttpMethod.POST,
                "/api/campanile/v1/oauth/decision",
                Requires.user("gateway.oauth.decide", "oauth-client"),
                this::decide);
    }

    private Future<Void> keys(RoutingContext context) {
        return services.get("identity", "/internal/oauth/keys", RequestIds.of(context))
                .compose(keys -> {
                    context.response().putHeader("Cache-Control", "public, max-age=300");
                    return JsonAnswer.write(context, 200, keys);
                });
    }

    /** On to our own page, a path of this site; an unknown client or redirect is told nothing but an error, here. */
    private Future<Void> authorize(RoutingContext context) {
        Map<String, String> asked;
        try {
            asked = query(context);
        } catch (ApiException e) {
            return refuse(context, e);
        }
        return check(context, asked)
                .compose(valid -> redirect(context, PAGE + "?" + encoded(asked)))
                .recover(failure -> failure instanceof ApiException refusal && toClient(refusal)
                        ? redirect(context, back(asked, "error", error(refusal), "error_description", text(refusal)))
                        : refuse(context, failure));
    }

    private Future<Void> described(RoutingContext context) {
        Map<String, String> asked = query(context);
        return check(context, asked)
                .compose(valid -> JsonAnswer.write(
                        context,
                        200,
                        Map.of(
                                "client_name",
                                valid.path("client_name").asText(),
                                "scopes",
                                valid.path("scopes"),
                                "redirect_uri",
                                String.valueOf(asked.get("redirect_uri")))));
    }

    private Future<Void> decide(RoutingContext context, Principal person) {
        @Nullable String sessionId = person.sessionId();
        if (sessionId == null) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED, "Only a person who signed in with a browser can allow this");
        }
        return Bodies.read(context.request(), BODY_LIMIT).compose(body -> {
            JsonNode decision = JsonAnswer.parse(body);
            Map<String, String> asked = new LinkedHashMap<>();
            ASKED.forEach(name -> {
                if (decision.path("request").path(name).isTextual()) {
                    asked.put(name, decision.path("request").path(name).asText());
                }
            });
            if (!decision.path("allow").isBoolean()) {
                throw ApiException.invalid("Missing required field: allow");
            }
            Future<String> target = decision.path("allow").asBoolean()
                    ? approve(context, person, sessionId, asked)
                    : check(context, asked).map(valid -> back(asked, "error", "access_denied"));
            return target.compose(uri -> JsonAnswer.write(context, 200, Map.of("redirect_to", uri)));
        });
    }

    private Future<String> approve(
            RoutingContext context, Principal person, String sessionId, Map<String, String> asked) {
        Map<String, Object> approval = Map.of(
                "request", asked,
                "workspace_id", person.workspaceId(),
                "user_id", person.userId(),
                "user_name", person.userName(),
                "session_id", sessionId);
        return services.post("identity", "/internal/oauth/codes", approval, RequestIds.of(context))
                .map(made -> back(asked, "code", made.path("code").asText()));
    }

    private Future<Void> token(RoutingContext context) {
        HttpServerRequest request = context.request();
        Target target = Target.of(context);
        return Bodies.read(request, BODY_LIMIT)
                .compose(body -> {
                    if (!target.there()) {
                        throw new ApiException(ErrorCode.ENDPOINT_NOT_FOUND, "There is no workspace at this address");
                    }
                    FormBody form = FormBody.read(request, body);
                    Map<String, Object> shown = new LinkedHashMap<>();
                    SHOWN.forEach(name -> {
                        @Nullable String value = form.get(name);
                        if (value != null) {
                            shown.put(name, value);
                        }
                    });
                    for (String needed : List.of("grant_type", "client_id")) {
                        ApiException.require(form.get(needed), needed);
                    }
                    // What is of another workspace is worth nothing here, and is not made either.
                    target.wanted().ifPresent(workspaceId -> shown.put("workspace_id", workspaceId));
                    shown.put("issuer", origin.apply(request) + "/oidc");
                    shown.put("address", request.remoteAddress().hostAddress());
                    return services.post("identity", "/internal/oauth/tokens", shown, RequestIds.of(context));
                })
                .compose(given -> JsonAnswer.write(context, 200, bearer(given)))
                .recover(failure -> refuse(context, failure));
    }

    private static Map<String, Object> bearer(JsonNode given) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("access_token", given.path("access_token").asText());
        token.put("token_type", "Bearer");
        token.put("expires_in", given.path("expires_in").asLong());
        token.put("scope", given.path("scope").asText());
        for (String optional : List.of("refresh_token", "id_token")) {
            if (given.has(optional)) {
                token.put(optional, given.path(optional).asText());
            }
        }
        return token;
    }

    private Future<JsonNode> check(RoutingContext context, Map<String, String> asked) {
        return services.post("identity", "/internal/oauth/requests", asked, RequestIds.of(context));
    }

    /** Each known parameter once; a second one could be read by somebody else as the one that counts. */
    private static Map<String, String> query(RoutingContext context) {
        Map<String, String> asked = new LinkedHashMap<>();
        for (String name : ASKED) {
            List<String> values = context.request().params().getAll(name);
            if (values.size() > 1) {
                throw ApiException.invalid(name + " may be sent only once");
            }
            if (!values.isEmpty()) {
                asked.put(name, values.get(0));
            }
        }
        return asked;
    }

    /** Where the client listens, which identity has checked, with an answer and the client's own state. */
    private static String back(Map<String, String> asked, String... answer) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < answer.length; i += 2) {
            parameters.put(answer[i], answer[i + 1]);
        }
        @Nullable String state = asked.get("state");
        if (state != null) {
            parameters.put("state", state);
        }
        return asked.get("redirect_uri") + "?" + encoded(parameters);
    }

    private static String encoded(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return query.toString();
    }

    private static Future<Void> redirect(RoutingContext context, String target) {
        return context.response()
                .setStatusCode(302)
                .putHeader("Location", target)
                .end();
    }

    private static boolean toClient(ApiException refusal) {
        return refusal.details().stream().anyMatch(detail -> Boolean.TRUE.equals(detail.get("redirect")));
    }

    private static String text(ApiException refusal) {
        return String.valueOf(refusal.getMessage());
    }

    /** The one word RFC 6749 has for a failure. */
    private static String error(ApiException refusal) {
        for (Map<String, Object> detail : refusal.details()) {
            if (detail.get("oauth_error") instanceof String error) {
                return error;
            }
        }
        int status = refusal.code().httpStatus();
        return status == 429 || status >= 500
                ? status == 500 ? "server_error" : "temporarily_unavailable"
                : status == 403 ? "access_denied" : "invalid_request";
    }

    /** RFC 6749, 5.2: this dialect has its own envelope. */
    private static Future<Void> refuse(RoutingContext context, Throwable failure) {
        ApiException refusal = Errors.translate(failure);
        if (refusal.code() == ErrorCode.INTERNAL_ERROR) {
            return Future.failedFuture(failure);
        }
        for (Map<String, Object> detail : refusal.details()) {
            if (detail.get("retry_after_seconds") instanceof Number seconds) {
                context.response().putHeader("Retry-After", Long.toString(seconds.longValue()));
            }
        }
        if (refusal.code() == ErrorCode.UNAUTHENTICATED) {
            context.response().putHeader("WWW-Authenticate", "Basic realm=\"campanile\"");
        }
        return JsonAnswer.write(
                context,
                refusal.code().httpStatus(),
                Map.of("error", error(refusal), "error_description", text(refusal)));
    }
}
