package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.gateway.upstream.Installation;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The documents every client library reads first, before it shows a credential. */
public final class DiscoveryRoutes {
    /** There is one account per installation; the clients only want a stable UUID. */
    private static final String ACCOUNT = "00000000-0000-4000-8000-000000000001";

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
        return installation
                .ask(RequestIds.of(context))
                .compose(workspace -> JsonAnswer.write(
                        context,
                        200,
                        Map.of(
                                "oidc_endpoint",
                                origin.apply(context.request()) + "/oidc",
                                "account_id",
                                ACCOUNT,
                                "workspace_id",
                                Long.toString(workspace.orElse(0)),
                                "cloud",
                                "aws")));
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
