package io.campanile.identity.authentication;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.net.AddressPolicy;
import io.campanile.identity.authentication.AuthenticationStore.Found;
import io.campanile.identity.people.RightsStore;
import io.campanile.identity.settings.AddressListService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway asks at the door. */
public final class AuthenticationRoutes {
    private static final int MOST_IDS = 10_000;

    private final AuthenticationService authentication;
    private final RightsStore rights;
    private final AddressListService addresses;

    public AuthenticationRoutes(
            AuthenticationService authentication, RightsStore rights, AddressListService addresses) {
        this.authentication = requireNonNull(authentication, "authentication");
        this.rights = requireNonNull(rights, "rights");
        this.addresses = requireNonNull(addresses, "addresses");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/authenticate",
                Requires.service("identity.authenticate", "credential"),
                Authenticate.class,
                (caller, body) -> authenticate(body));
        api.post("/internal/refusals", Requires.service("gateway.request", "request"), Refused.class, this::refused);
        api.post(
                "/internal/ended",
                Requires.service("identity.ended", "credential"),
                Credentials.class,
                (caller, body) -> ended(body));
    }

    private Ended ended(Credentials open) {
        Map<String, String> fingerprints = new HashMap<>();
        Map<String, RightsStore.Holder> holders = authentication.holders(open.sessionIds(), open.tokenIds());
        Map<RightsStore.Holder, Rights> current = rights.of(holders.values());
        holders.forEach((id, holder) ->
                fingerprints.put(id, current.getOrDefault(holder, Rights.NONE).fingerprint()));
        Map<Long, AddressPolicy> limited = addresses.policies(open.workspaceIds());
        return new Ended(
                authentication.endedSessions(open.sessionIds()),
                authentication.endedTokens(open.tokenIds()),
                fingerprints,
                limited.isEmpty() ? null : limited);
    }

    /** What the gateway refused to somebody it knows; it has no audit log of its own. */
    private Map<String, Object> refused(Caller gateway, Refused body) {
        Caller person = new Caller(
                body.workspaceId(),
                body.userId(),
                body.userName(),
                Rights.NONE,
                gateway.service(),
                gateway.action(),
                gateway.requestId());
        authentication.refusedByGateway(person, body.resource(), body.reason());
        return Map.of();
    }

    private Authenticated authenticate(Authenticate body) {
        if (body.kind().equals("pat")) {
            Found found = authentication.token(body.secret());
            return authenticated(found, null, found.id());
        }
        if (body.kind().equals("session")) {
            Found found = authentication.session(body.secret());
            return authenticated(found, found.id(), null);
        }
        if (body.kind().equals("jwt")) {
            Found found = authentication.accessToken(body.secret());
            return authenticated(found, null, found.id());
        }
        throw ApiException.invalid("kind must be pat, session or jwt");
    }

    private Authenticated authenticated(Found found, @Nullable String sessionId, @Nullable String tokenId) {
        return new Authenticated(
                found.workspaceId(),
                found.userId(),
                found.userName(),
                rights.of(found.workspaceId(), found.userId(), found.accountAdmin())
                        .within(found.scopes()),
                sessionId,
                tokenId,
                addresses.policy(found.workspaceId()),
                found.expiresAt().toEpochMilli());
    }

    record Authenticate(String kind, String secret) {
        Authenticate {
            ApiException.require(kind, "kind");
            ApiException.require(secret, "secret");
        }

        @Override
        public String toString() {
            return "Authenticate[kind=" + kind + ", ****]";
        }
    }

    record Refused(Long workspaceId, Long userId, String userName, String resource, String reason) {
        Refused {
            ApiException.require(workspaceId, "workspace_id");
            ApiException.require(userId, "user_id");
            ApiException.require(userName, "user_name");
            ApiException.require(resource, "resource");
            ApiException.require(reason, "reason");
        }
    }

    record Authenticated(
            long workspaceId,
            long userId,
            String userName,
            Rights rights,
            @Nullable String sessionId,
            @Nullable String tokenId,
            AddressPolicy addresses,
            long expiresAt) {}

    /**
     * Those that ended, a fingerprint of what the person behind each of the others may do now, and from where the
     * workspaces may be used that are not open to everywhere; null for none.
     */
    record Ended(
            List<String> sessionIds,
            List<String> tokenIds,
            Map<String, String> rights,
            @Nullable Map<Long, AddressPolicy> addresses) {}

    /** The credentials behind open sockets, and the workspaces they are for. */
    record Credentials(List<String> sessionIds, List<String> tokenIds, List<Long> workspaceIds) {
        Credentials {
            sessionIds = bounded(sessionIds);
            tokenIds = bounded(tokenIds);
            workspaceIds = bounded(workspaceIds);
        }

        private static <T> List<T> bounded(@Nullable List<T> ids) {
            List<T> given = ids == null ? List.of() : List.copyOf(ids);
            if (given.size() > MOST_IDS) {
                throw ApiException.invalid("At most " + MOST_IDS + " credentials can be asked about at once");
            }
            return given;
        }
    }
}
