package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Scopes;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one seam between HTTP and a feature: authenticate, authorize, decode, run off the event loop, encode, map
 * failures. Every route declares its permission here; {@link #routes()} is the route dump.
 */
public final class Endpoints {
    private static final String NO_CONTENT = "campanile.no-content";
    private static final String CALLER = "campanile.caller";
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    /** What comes from outside is not guessed at: no null in a list, no number for a word, no fraction cut off. */
    private static final ObjectMapper BODIES = Json.MAPPER
            .copy()
            .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .configure(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS, true)
            .configure(DeserializationFeature.ACCEPT_FLOAT_AS_INT, false);

    private final Router router;
    private final Blocking blocking;
    private final InternalTokens tokens;
    private final String service;
    private final List<RouteInfo> mounted = new ArrayList<>();
    private @Nullable Denials denials;

    public Endpoints(Router router, Blocking blocking, InternalTokens tokens, String service) {
        this.router = requireNonNull(router, "router");
        this.blocking = requireNonNull(blocking, "blocking");
        this.tokens = requireNonNull(tokens, "tokens");
        this.service = requireNonNull(service, "service");
    }

    /** Keeps what was refused; blocking. */
    public interface Denials {
        void refused(Caller caller, String resource, String reason);
    }

    /** From now on every refusal of a known person is kept before it is answered. Called before the service listens. */
    public void keepDenials(Denials keeper) {
        denials = requireNonNull(keeper, "keeper");
    }

    /** Failures of every path under {@code prefix}, known or not, read so. Called before the routes are mounted. */
    public void dialect(String prefix, ErrorDialect dialect) {
        router.route(prefix + "*").handler(context -> {
            Errors.speak(context, dialect);
            context.next();
        });
    }

    /** Binds a handler of a decoded JSON body; an empty body reads as {@code {}}. */
    public <Q, R> void post(String path, Requires requires, Class<Q> body, BiFunction<Caller, Q, R> handler) {
        handle(HttpMethod.POST, path, requires, (caller, context) -> handler.apply(caller, readBody(context, body)));
    }

    public <R> void get(String path, Requires requires, BiFunction<Caller, RoutingContext, R> handler) {
        handle(HttpMethod.GET, path, requires, handler);
    }

    /** Any method with access to path and query parameters; the result is encoded as JSON. */
    public <R> void handle(
            HttpMethod method, String path, Requires requires, BiFunction<Caller, RoutingContext, R> handler) {
        route(
                method,
                path,
                "http",
                requires,
                (caller, context) -> blocking.call(() -> Json.MAPPER.writeValueAsBytes(handler.apply(caller, context)))
                        .onSuccess(bytes -> respond(context, bytes))
                        .onFailure(failure -> fail(context, failure)));
    }

    /** A handler that writes its answer itself, without blocking; a failed future is mapped like any failure. */
    public void async(
            HttpMethod method,
            String path,
            Requires requires,
            BiFunction<Caller, RoutingContext, Future<Void>> handler) {
        route(
                method,
                path,
                "http",
                requires,
                (caller, context) -> handler.apply(caller, context).onFailure(failure -> fail(context, failure)));
    }

    /** A WebSocket: upgraded after the caller is authorized, then handed over on its event loop. */
    public void socket(String path, Requires requires, SocketHandler handler) {
        route(HttpMethod.GET, path, "ws", requires, (caller, context) -> {
            context.request()
                    .toWebSocket()
                    .onSuccess(socket -> handler.opened(caller, context, socket))
                    .onFailure(failure -> Errors.respond(
                            context, new ApiException(ErrorCode.BAD_REQUEST, "This address is a WebSocket", failure)));
        });
    }

    /** Answers 204 without a body, as SCIM and file deletions do. */
    public static void noContent(RoutingContext context) {
        context.put(NO_CONTENT, true);
    }

    /**
     * Reads a JSON body into {@code type}; 400 with the field's name when it does not fit. Texts with NUL do not: the
     * database has no place for it.
     */
    public static <Q> Q readBody(RoutingContext context, Class<Q> type) {
        String json = bodyText(context);
        // The escape is the only spelling of NUL that JSON has, and hardly anybody sends it.
        if (json.contains("\\u0000")) {
            NulCharacters.refuse(parse(BODIES, json, JsonNode.class));
        }
        return parse(BODIES, json, type);
    }

    /** Like {@link #readBody}, for texts that may hold any character: the source of cells. */
    public static <Q> Q readBodyWithAnyText(RoutingContext context, Class<Q> type) {
        return parse(Json.MAPPER, bodyText(context), type);
    }

    private static String bodyText(RoutingContext context) {
        @Nullable Buffer body = context.body().buffer();
        return body == null || body.length() == 0 ? "{}" : body.toString();
    }

    private static <Q> Q parse(ObjectMapper mapper, String json, Class<Q> type) {
        try {
            @Nullable Q read = mapper.readValue(json, type);
            if (read == null) {
                throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is null");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw Errors.malformed(e);
        }
    }

    /** A numeric path or query parameter; 400 when it is missing or not a number. */
    public static long longParam(RoutingContext context, String name) {
        @Nullable String text = context.request().getParam(name);
        try {
            return Long.parseLong(ApiException.require(text, name));
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, name + " must be an integer: " + text, e);
        }
    }

    /** Every route mounted so far. */
    public List<RouteInfo> routes() {
        return List.copyOf(mounted);
    }

    /** What happens once a WebSocket is open. */
    public interface SocketHandler {
        void opened(Caller caller, RoutingContext context, ServerWebSocket socket);
    }

    private interface Handler {
        void handle(Caller caller, RoutingContext context);
    }

    private void route(HttpMethod method, String path, String protocol, Requires requires, Handler handler) {
        mounted.add(new RouteInfo(
                method.name(), path, protocol, requires.action(), requires.resource(), requires.access()));
        Route route = router.route(method, path);
        route.handler(context -> {
            try {
                handler.handle(authorize(context, requires), context);
            } catch (RuntimeException e) {
                fail(context, e);
            }
        });
    }

    /** Answers a failure; a refusal of a known person is written to the audit log first. */
    private void fail(RoutingContext context, Throwable failure) {
        Denials keeper = denials;
        @Nullable Caller caller = context.get(CALLER);
        if (keeper == null
                || caller == null
                || caller.userId() == 0
                || !(failure instanceof ApiException refusal)
                || refusal.code() != ErrorCode.PERMISSION_DENIED) {
            Errors.respond(context, failure);
            return;
        }
        String resource = context.request().method() + " " + context.normalizedPath();
        blocking.call(() -> {
                    keeper.refused(caller, resource, String.valueOf(refusal.getMessage()));
                    return true;
                })
                .onFailure(lost -> LOG.atError().setCause(lost).log("A refusal could not be written to the audit log"))
                .onComplete(kept -> Errors.respond(context, refusal));
    }

    /** The choke point: no handler runs before this has said yes. */
    private Caller authorize(RoutingContext context, Requires requires) {
        String requestId = RequestIds.of(context);
        if (requires.access() == Access.OPEN || requires.access() == Access.NODE) {
            return new Caller(0, 0, "", false, null, requestId);
        }
        Caller caller = authenticate(context).doing(requires.action());
        context.put(CALLER, caller);
        switch (requires.access()) {
            case ADMIN -> {
                requirePerson(caller);
                caller.requireAdmin();
            }
            case ACCOUNT -> {
                requirePerson(caller);
                caller.requireAccountAdmin();
            }
            case USER, OBJECT -> requirePerson(caller);
            case SERVICE -> {
                if (caller.service() == null) {
                    throw new ApiException(ErrorCode.PERMISSION_DENIED, "Only a service may call this");
                }
            }
            case OPEN, NODE -> throw new IllegalStateException("handled above");
        }
        if (requires.access() != Access.SERVICE) {
            requireScope(caller, requires.action());
        }
        return caller;
    }

    /** Who calls, as the token of the request says; UNAUTHENTICATED without a valid one. */
    public Caller authenticate(RoutingContext context) {
        return bearer(context)
                .flatMap(token -> tokens.verify(token, service))
                .map(caller -> caller.requestId().isEmpty() ? caller.asking(RequestIds.of(context)) : caller)
                .orElseThrow(
                        () -> new ApiException(ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid"));
    }

    /** Says for whom a node asks, once its handler has found out: what is refused is written down as his. */
    public static void inTheNameOf(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /** The bearer token of a request, if it has one. */
    public static java.util.Optional<String> bearer(RoutingContext context) {
        @Nullable String header = context.request().getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? java.util.Optional.of(header.substring(7).trim())
                : java.util.Optional.empty();
    }

    /** A token with scopes opens only what they name, whatever its owner may do. */
    private static void requireScope(Caller caller, String action) {
        if (!Scopes.allow(caller.rights().scopes(), action)) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "The scopes of this token do not include " + action);
        }
    }

    private static void requirePerson(Caller caller) {
        if (caller.userId() == 0 || caller.workspaceId() == 0) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "This needs a user of a workspace");
        }
    }

    private static void respond(RoutingContext context, byte[] bytes) {
        if (Boolean.TRUE.equals(context.get(NO_CONTENT))) {
            context.response().setStatusCode(204).end();
            return;
        }
        context.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(bytes));
    }
}
