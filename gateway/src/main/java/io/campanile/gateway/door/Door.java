package io.campanile.gateway.door;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.gateway.access.Authenticator;
import io.campanile.gateway.access.Credential;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.access.SessionCookie;
import io.campanile.gateway.access.Target;
import io.campanile.gateway.access.Tenancy;
import io.campanile.gateway.answers.Refusals;
import io.campanile.gateway.own.OwnRoute;
import io.campanile.gateway.pages.NoWorkspace;
import io.campanile.gateway.upstream.Installation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The authorization choke point: nothing behind it runs before it has said who is calling. Paths of the API are refused
 * to anonymous callers before it is looked up whether there is anything.
 */
public final class Door {
    private static final List<String> NEEDS_CREDENTIAL = List.of("/api", "/sql", "/ws", "/metrics", "/telemetry-ext");
    /** Never a page: a program that asks here is told in the words of the API. */
    private static final List<String> NEVER_PAGES = List.of("/internal", "/node", "/oidc", "/.well-known", "/health");

    private final Checks checks;
    private final Installation installation;
    private final Rooms rooms;
    private final Denials denials;

    /** What says who is calling, from where, and for which workspace. */
    public record Checks(SessionCookie cookie, Authenticator authenticator, Origins origins, Tenancy tenancy) {
        public Checks {
            requireNonNull(cookie, "cookie");
            requireNonNull(authenticator, "authenticator");
            requireNonNull(origins, "origins");
            requireNonNull(tenancy, "tenancy");
        }
    }

    public Door(Checks checks, Installation installation, Rooms rooms, Denials denials) {
        this.checks = requireNonNull(checks, "checks");
        this.installation = requireNonNull(installation, "installation");
        this.rooms = requireNonNull(rooms, "rooms");
        this.denials = requireNonNull(denials, "denials");
    }

    /** Whether answers at this path are pages rather than data. */
    static boolean isPage(String path) {
        return !under(NEEDS_CREDENTIAL, path) && !under(NEVER_PAGES, path);
    }

    /** The request has passed the guard and is paused. */
    void handle(RoutingContext context) {
        checks.tenancy()
                .target(context, RequestIds.of(context))
                .onFailure(failure -> Refusals.refuse(context, failure))
                .onSuccess(target -> {
                    try {
                        addressed(context, target);
                    } catch (RuntimeException e) {
                        Refusals.refuse(context, e);
                    }
                });
    }

    private void addressed(RoutingContext context, Target target) {
        HttpServerRequest request = context.request();
        target.remember(context);
        Optional<OwnRoute> own = rooms.own().find(request.method(), request.path());
        if (own.isPresent() && own.get().requires().access() == Access.OPEN) {
            rooms.enter(context, own.get(), Principal.NOBODY);
            return;
        }
        if (!under(NEEDS_CREDENTIAL, request.path())) {
            page(context, target);
            return;
        }
        OptionalLong shown = target.ofHost().isPresent() ? target.ofHost() : installation.known();
        if (target.there() && shown.isPresent()) {
            workspace(context, shown.getAsLong());
        }
        Credential credential = Credential.of(request, checks.cookie())
                .orElseThrow(
                        () -> new ApiException(ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid"));
        checks.authenticator()
                .authenticate(credential, RequestIds.of(context))
                .onSuccess(principal -> known(context, credential, own, principal))
                .onFailure(failure -> Refusals.refuse(context, failure));
    }

    private void page(RoutingContext context, Target target) {
        if (under(NEVER_PAGES, context.request().path())) {
            throw Rooms.nothing(context.request());
        }
        if (target.there()) {
            rooms.pages().serve(context);
        } else {
            NoWorkspace.serve(context);
        }
    }

    private void known(RoutingContext context, Credential credential, Optional<OwnRoute> own, Principal principal) {
        try {
            if (!Target.of(context).admits(principal.workspaceId())) {
                // In the words for a credential nobody knows: it must not be told that it opens another workspace.
                throw new ApiException(ErrorCode.UNAUTHENTICATED, "The credential is not valid");
            }
            workspace(context, principal.workspaceId());
            HttpServerRequest request = context.request();
            requirePermitted(principal, request.remoteAddress().hostAddress());
            boolean socket = Rooms.wantsSocket(request);
            boolean meant = credential.ambient()
                    ? checks.origins().allowsAmbient(request, socket)
                    : checks.origins().allowsExplicit(request, socket);
            if (!meant) {
                throw new ApiException(
                        ErrorCode.PERMISSION_DENIED, "The request does not come from a page of this workspace");
            }
            if (own.isPresent()) {
                rooms.enter(context, own.get(), principal);
            } else {
                rooms.forward(context, principal);
            }
        } catch (RuntimeException e) {
            if (e instanceof ApiException refusal && refusal.code() == ErrorCode.PERMISSION_DENIED) {
                denials.tell(context, principal, String.valueOf(refusal.getMessage()));
            }
            Refusals.refuse(context, e);
        }
    }

    /** Loopback is an address like any other here: a proxy on this machine would make everybody look like it. */
    private static void requirePermitted(Principal principal, String address) {
        if (!principal.addresses().permits(address)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Source IP address " + address + " is blocked by the IP access lists of workspace "
                            + principal.workspaceId());
        }
    }

    private static void workspace(RoutingContext context, long workspaceId) {
        context.response().putHeader("X-Databricks-Org-Id", Long.toString(workspaceId));
    }

    private static boolean under(List<String> prefixes, String path) {
        for (String prefix : prefixes) {
            if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }
}
