package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Account;
import io.campanile.common.http.Access;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
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
                (context, nobody) -> oidc(context));
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

    private Future<Void> oidc(RoutingContext context) {
        String oidc = origin.apply(context.request()) + "/oidc";
        return JsonAnswer.write(
                context,
                200,
                Map.of(
                        "issuer",
                        oidc,
                        "authorization_endpoint",
                        oidc + "/v1/authorize",
                        "token_endpoint",
                        oidc + "/v1/token",
                        "response_types_supported",
                        List.of("code"),
                        "grant_types_supported",
                        List.of("authorization_code", "client_credentials")));
    }
}
