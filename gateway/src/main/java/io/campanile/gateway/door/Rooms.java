package io.campanile.gateway.door;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Scopes;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.SpooledBody;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.answers.Refusals;
import io.campanile.gateway.own.OwnRoute;
import io.campanile.gateway.own.OwnRoutes;
import io.campanile.gateway.pages.StaticPages;
import io.campanile.gateway.proxy.HttpProxy;
import io.campanile.gateway.proxy.RouteTable;
import io.campanile.gateway.proxy.SocketProxy;
import io.campanile.gateway.upstream.Upstreams;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Pattern;

/** What lies behind the door. */
public final class Rooms {
    private static final String IMPORT = "/api/2.0/workspace/import";
    private static final Pattern OBJECT_CONTENT = Pattern.compile("/api/campanile/v1/objects/\\d+/content");
    private static final List<String> FILES = List.of("/api/2.0/fs/files/", "/api/campanile/v1/files/uploads/");

    private final OwnRoutes own;
    private final StaticPages pages;
    private final RouteTable table;
    private final HttpProxy http;
    private final SocketProxy sockets;
    private final Limits limits;
    private final Turnstile strangers;
    private final Turnstile people;

    /**
     * What there may be at once.
     *
     * @param body bytes of a request body
     * @param importBody of that of a notebook import
     * @param file of a file, which services take as it comes
     * @param requests in work: of one person half of them, and of the connections to a service; of those who are
     *     still to say who they are a tenth
     */
    public record Limits(long body, long importBody, long file, int requests) {
        private HttpProxy.Body of(HttpServerRequest request) {
            String path = request.path();
            if (request.method() == HttpMethod.PUT
                    && (FILES.stream().anyMatch(path::startsWith)
                            || OBJECT_CONTENT.matcher(path).matches())) {
                return new HttpProxy.Body(file, true);
            }
            if (request.method() == HttpMethod.POST && path.equals(IMPORT)) {
                return new HttpProxy.Body(importBody, SpooledBody.streamed(request), Limits::importTooLarge);
            }
            return new HttpProxy.Body(body, false);
        }

        private static ApiException importTooLarge(long limit) {
            return new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "Field content is too large: the body of an import has at most " + limit + " bytes");
        }
    }

    public Rooms(
            OwnRoutes own, StaticPages pages, RouteTable table, HttpProxy http, SocketProxy sockets, Limits limits) {
        this.own = requireNonNull(own, "own");
        this.pages = requireNonNull(pages, "pages");
        this.table = requireNonNull(table, "table");
        this.http = requireNonNull(http, "http");
        this.sockets = requireNonNull(sockets, "sockets");
        this.limits = requireNonNull(limits, "limits");
        this.strangers = new Turnstile(limits.requests() / 10);
        this.people = new Turnstile(Math.min(limits.requests(), Upstreams.CONNECTIONS) / 2);
    }

    OwnRoutes own() {
        return own;
    }

    StaticPages pages() {
        return pages;
    }

    void enter(RoutingContext context, OwnRoute route, Principal principal) {
        if (route.requires().access() == Access.ADMIN && !principal.rights().admin()) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Only an administrator of the workspace may do this");
        }
        if (route.requires().access() != Access.OPEN
                && !Scopes.allow(principal.rights().scopes(), route.requires().action())) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "The scopes of this token do not include "
                            + route.requires().action());
        }
        if (route.requires().access() != Access.OPEN) {
            people.pass(context, principal.person());
        } else if (context.request().method() == HttpMethod.POST) {
            strangers.pass(context, Principal.NOBODY.person());
        }
        route.handler().handle(context, principal).onFailure(failure -> Refusals.refuse(context, failure));
    }

    void forward(RoutingContext context, Principal principal) {
        HttpServerRequest request = context.request();
        String service = table.find(request.path()).orElseThrow(() -> nothing(request));
        if (wantsSocket(request)) {
            sockets.forward(context, principal, service);
            return;
        }
        people.pass(context, principal.person());
        http.forward(context, principal, service, limits.of(request));
    }

    static boolean wantsSocket(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    static ApiException nothing(HttpServerRequest request) {
        return new ApiException(
                ErrorCode.ENDPOINT_NOT_FOUND, "No API found for '" + request.method() + " " + request.path() + "'");
    }
}
