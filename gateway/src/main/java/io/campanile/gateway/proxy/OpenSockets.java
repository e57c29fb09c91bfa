package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.common.net.AddressPolicy;
import io.campanile.gateway.access.Authenticator;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open WebSockets by the credential that opened them. One question to identity every few seconds finds those whose
 * session or token ended, or whose person may do other things than when they were opened; while identity cannot be asked nothing can end there either, and the sockets stay.
 */
public final class OpenSockets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSockets.class);

    /** Keeps quiet sockets alive through the idle timeout of this listener and of proxies in front of it. */
    private static final long PING_MILLIS = 30_000;

    private final Vertx vertx;
    private final ServiceCalls services;
    private final Authenticator authenticator;
    private final int perCredential;
    private final Map<String, Set<Open>> sessions = new ConcurrentHashMap<>();
    private final Map<String, Set<Open>> tokens = new ConcurrentHashMap<>();
    private final Map<Long, Set<Link>> workspaces = new ConcurrentHashMap<>();
    private final long timer;
    private final long pings;
    private boolean asking;

    /** Something open that can be cut. */
    interface Link {
        /** The credential does not open the door any more. */
        void end(String reason);

        /** Where its client is. */
        String address();

        /** The client is to come back at once. */
        void renew(String reason);

        void ping();
    }

    /** How many sockets a credential may have, and how often they are looked at. */
    public record Limits(int perCredential, Duration every) {}

    private record Open(Link link, String rights) {}

    public OpenSockets(Vertx vertx, ServiceCalls services, Authenticator authenticator, Limits limits) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.services = requireNonNull(services, "services");
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.perCredential = limits.perCredential();
        this.timer = vertx.setPeriodic(limits.every().toMillis(), id -> check());
        this.pings = vertx.setPeriodic(PING_MILLIS, id -> ping());
    }

    /** Ends every socket of a session that was just signed out. */
    public void endSession(String sessionId) {
        end(sessions, sessionId);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(pings);
    }

    int count() {
        return count(sessions) + count(tokens);
    }

    /** Fails when the credential has too many already. */
    void admit(Principal principal) {
        Set<Open> open = group(principal).getOrDefault(key(principal), Set.of());
        if (open.size() >= perCredential) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "Too many WebSockets are open; close some",
                    List.of(Map.of("retry_after_seconds", 5)),
                    null);
        }
    }

    void opened(Principal principal, Link link) {
        group(principal)
                .computeIfAbsent(key(principal), key -> ConcurrentHashMap.newKeySet())
                .add(new Open(link, principal.rights().fingerprint()));
        workspaces
                .computeIfAbsent(principal.workspaceId(), key -> ConcurrentHashMap.newKeySet())
                .add(link);
    }

    void closed(Principal principal, Link link) {
        group(principal).computeIfPresent(key(principal), (key, links) -> {
            links.remove(new Open(link, principal.rights().fingerprint()));
            return links.isEmpty() ? null : links;
        });
        workspaces.computeIfPresent(principal.workspaceId(), (key, links) -> {
            links.remove(link);
            return links.isEmpty() ? null : links;
        });
    }

    private void ping() {
        sessions.values().forEach(links -> links.forEach(open -> open.link().ping()));
        tokens.values().forEach(links -> links.forEach(open -> open.link().ping()));
    }

    private void check() {
        if (asking || (sessions.isEmpty() && tokens.isEmpty())) {
            return;
        }
        asking = true;
        services.post(
                        "identity",
                        "/internal/ended",
                        Map.of(
                                "session_ids",
                                List.copyOf(sessions.keySet()),
                                "token_ids",
                                List.copyOf(tokens.keySet()),
                                "workspace_ids",
                                List.copyOf(workspaces.keySet())),
                        UUID.randomUUID().toString())
                .onComplete(asked -> asking = false)
                .onSuccess(answer -> {
                    ids(answer, "session_ids").forEach(id -> end(sessions, id));
                    ids(answer, "token_ids").forEach(id -> end(tokens, id));
                    answer.path("addresses")
                            .properties()
                            .forEach(entry -> endOutside(
                                    Long.parseLong(entry.getKey()),
                                    Json.MAPPER.convertValue(entry.getValue(), AddressPolicy.class)));
                    answer.path("rights").properties().forEach(entry -> {
                        renew(sessions, entry.getKey(), entry.getValue().asText());
                        renew(tokens, entry.getKey(), entry.getValue().asText());
                    });
                })
                .onFailure(failure -> LOG.atWarn()
                        .addKeyValue("reason", failure.getMessage())
                        .log("Open sockets could not be checked; they stay open"));
    }

    private static void end(Map<String, Set<Open>> group, String id) {
        @Nullable Set<Open> links = group.remove(id);
        if (links != null) {
            List.copyOf(links).forEach(open -> open.link().end("The session or token ended"));
            LOG.atInfo().addKeyValue("sockets", links.size()).log("Sockets of an ended credential were closed");
        }
    }

    private void endOutside(long workspaceId, AddressPolicy policy) {
        List.copyOf(workspaces.getOrDefault(workspaceId, Set.of())).stream()
                .filter(link -> !policy.permits(link.address()))
                .forEach(link -> link.end("The IP access lists of the workspace do not permit this address"));
    }

    /** Sockets speak with the rights they were opened with: those of a person with others now must be opened anew. */
    private void renew(Map<String, Set<Open>> group, String id, String rights) {
        List<Open> outdated = group.getOrDefault(id, Set.of()).stream()
                .filter(open -> !open.rights().equals(rights))
                .toList();
        if (!outdated.isEmpty()) {
            authenticator.forget(id);
            outdated.forEach(open -> open.link().renew("Your rights have changed; connect again"));
            LOG.atInfo().addKeyValue("sockets", outdated.size()).log("Sockets of changed rights were closed");
        }
    }

    private static List<String> ids(JsonNode answer, String field) {
        List<String> ids = new ArrayList<>();
        answer.path(field).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private Map<String, Set<Open>> group(Principal principal) {
        return principal.sessionId() != null ? sessions : tokens;
    }

    private static String key(Principal principal) {
        @Nullable String id = principal.sessionId() != null ? principal.sessionId() : principal.tokenId();
        return requireNonNull(id, "identity names the credential");
    }

    private static int count(Map<String, Set<Open>> group) {
        return group.values().stream().mapToInt(Set::size).sum();
    }
}
