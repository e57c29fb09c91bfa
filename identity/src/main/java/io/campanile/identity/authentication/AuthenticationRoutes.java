package io.campanile.identity.authentication;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Rights;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.authentication.AuthenticationStore.Found;
import io.campanile.identity.people.RightsStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway asks at the door. */
public final class AuthenticationRoutes {
    private static final int MOST_IDS = 10_000;

    private final AuthenticationService authentication;
    private final RightsStore rights;

    public AuthenticationRoutes(AuthenticationService authentication, RightsStore rights) {
        this.authentication = requireNonNull(authentication, "authentication");
        this.rights = requireNonNull(rights, "rights");
    }

    public void mount(Endpoints api) {
        api.post(
                "/internal/authenticate",
                Requires.service("identity.authenticate", "credential"),
                Authenticate.class,
                (caller, body) -> authenticate(body));
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
        return new Ended(
                authentication.endedSessions(open.sessionIds()),
                authentication.endedTokens(open.tokenIds()),
                fingerprints);
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
        throw ApiException.invalid("kind must be pat or session");
    }

    private Authenticated authenticated(Found found, @Nullable String sessionId, @Nullable String tokenId) {
        return new Authenticated(
                found.workspaceId(),
                found.userId(),
                found.userName(),
                rights.of(found.workspaceId(), found.userId(), found.accountAdmin()),
                sessionId,
                tokenId,
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

    record Authenticated(
            long workspaceId,
            long userId,
            String userName,
            Rights rights,
            @Nullable String sessionId,
            @Nullable String tokenId,
            long expiresAt) {}

    /** Those that ended, and a fingerprint of what the person behind each of the others may do now. */
    record Ended(List<String> sessionIds, List<String> tokenIds, Map<String, String> rights) {}

    /** Credentials behind open sockets. */
    record Credentials(List<String> sessionIds, List<String> tokenIds) {
        Credentials {
            sessionIds = bounded(sessionIds);
            tokenIds = bounded(tokenIds);
        }

        private static List<String> bounded(@Nullable List<String> ids) {
            List<String> given = ids == null ? List.of() : List.copyOf(ids);
            if (given.size() > MOST_IDS) {
                throw ApiException.invalid("At most " + MOST_IDS + " credentials can be asked about at once");
            }
            return given;
        }
    }
}
