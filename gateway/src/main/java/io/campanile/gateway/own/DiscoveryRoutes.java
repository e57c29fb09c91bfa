package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Account;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.gateway.access.Target;
import io.campanile.gateway.upstream.Installation;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** The documents every client library reads first, before it shows a credential. */
public final class DiscoveryRoutes {
    private final Installation installation;
    private final Function<HttpServerRequest, String> origin;

    public DiscoveryRoutes(Installation installation, Function<HttpServerRequest, String> origin) {
        this.installation = requireNonNull(installation, "installation");
        this.origin = requireNonNull(origin, "origin");
    }

    public void mount(OwnRoutes routes) {
        Requires open = new Requires("gateway.discovery.read", "service", Access.OPEN);
        routes.add(HttpMethod.GET, "/.well-known/databricks-config", open, (context, nobody) -> config(context));
        routes.add(
                HttpMethod.GET,
                "/oidc/.well-known/oauth-authorization-server",
                open,
                (context, nobody) -> JsonAnswer.write(context, 200, oauth(context)));
        routes.add(
                HttpMethod.GET,
                "/oidc/.well-known/openid-configuration",
                open,
                (context, nobody) -> JsonAnswer.write(context, 200, openId(context)));
    }

    private Future<Void> config(RoutingContext context) {
        Target target = Target.of(context);
        if (!target.there()) {
            throw new ApiException(ErrorCode.ENDPOINT_NOT_FOUND, "There is no workspace at this address");
        }
        Future<OptionalLong> addressed = target.ofHost().isPresent()
                ? Future.succeededFuture(target.ofHost())
                : installation.only(RequestIds.of(context));
        return addressed.compose(workspace -> {
            Map<String, Object> known = new LinkedHashMap<>();
            known.put("oidc_endpoint", origin.apply(context.request()) + "/oidc");
            known.put("account_id", Account.ID);
            workspace.ifPresent(id -> known.put("workspace_id", Long.toString(id)));
            known.put("cloud", "aws");
            return JsonAnswer.write(context, 200, known);
        });
    }

    /** RFC 8414, of the address the client has asked at. */
    private Map<String, Object> oauth(RoutingContext context) {
        String oidc = origin.apply(context.request()) + "/oidc";
        Map<String, Object> known = new LinkedHashMap<>();
        known.put("issuer", oidc);
        known.put("authorization_endpoint", oidc + "/v1/authorize");
        known.put("token_endpoint", oidc + "/v1/token");
        known.put("jwks_uri", oidc + "/jwks.json");
        known.put("response_types_supported", List.of("code"));
        known.put("response_modes_supported", List.of("query"));
        known.put("grant_types_supported", List.of("authorization_code", "client_credentials", "refresh_token"));
        known.put("code_challenge_methods_supported", List.of("S256"));
        known.put(
                "token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post", "none"));
        known.put("scopes_supported", List.of("all-apis", "offline_access", "openid", "profile", "email"));
        return known;
    }

    /** OpenID Connect Discovery 1.0 asks for these beside RFC 8414's. */
    private Map<String, Object> openId(RoutingContext context) {
        Map<String, Object> known = oauth(context);
        known.put("subject_types_supported", List.of("public"));
        known.put("id_token_signing_alg_values_supported", List.of("RS256"));
        known.put("claims_supported", List.of("iss", "sub", "aud", "exp", "iat", "nonce", "preferred_username"));
        return known;
    }
}
