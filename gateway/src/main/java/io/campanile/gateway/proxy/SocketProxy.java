package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.concurrent.Intake;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.answers.Refusals;
import io.campanile.gateway.upstream.ServiceCalls;
import io.campanile.gateway.upstream.Upstreams;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens the service's WebSocket first and the client's only then, so that a refusal is still an HTTP answer. */
public final class SocketProxy {
    private final Upstreams upstreams;
    private final Forwarded forwarded;
    private final OpenSockets open;
    private final Intake intake;

    public SocketProxy(Upstreams upstreams, Forwarded forwarded, OpenSockets open, Intake intake) {
        this.upstreams = requireNonNull(upstreams, "upstreams");
        this.forwarded = requireNonNull(forwarded, "forwarded");
        this.open = requireNonNull(open, "open");
        this.intake = requireNonNull(intake, "intake");
    }

    public void forward(RoutingContext context, Principal principal, String service) {
        open.admit(principal);
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setURI(context.request().uri());
        options.setHeaders(forwarded.headers(context, principal, service));
        upstreams
                .socket(service, options)
                .onSuccess(upstream -> join(context, principal, upstream))
                .onFailure(failure -> Refusals.refuse(context, refused(service, failure)));
    }

    private void join(RoutingContext context, Principal principal, WebSocket upstream) {
        upstream.pause();
        context.request()
                .toWebSocket()
                .onSuccess(client -> {
                    client.pause();
                    SocketLink link = new SocketLink(client, upstream, intake.share(principal.person()));
                    open.opened(principal, link);
                    link.start(() -> open.closed(principal, link));
                })
                .onFailure(failure -> {
                    upstream.close();
                    Refusals.refuse(
                            context,
                            new ApiException(ErrorCode.BAD_REQUEST, "This is no valid WebSocket handshake", failure));
                });
    }

    private static ApiException refused(String service, Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof UpgradeRejectedException rejected) {
            return envelope(service, rejected);
        }
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "The " + service + " service does not answer at the moment; try again",
                failure);
    }

    private static ApiException envelope(String service, UpgradeRejectedException rejected) {
        @Nullable Buffer body = rejected.getBody();
        try {
            JsonNode json = Json.MAPPER.readTree(body == null ? new byte[0] : body.getBytes());
            return ServiceCalls.envelope(rejected.getStatus(), json);
        } catch (IOException e) {
            return new ApiException(ErrorCode.BAD_GATEWAY, "The " + service + " service gave an unreadable answer", e);
        }
    }
}
