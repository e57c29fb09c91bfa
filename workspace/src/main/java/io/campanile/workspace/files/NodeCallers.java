package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PersonRights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.RequestIds;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For whom a node asks: its token says the workspace and the person, identity says what the person may at this moment. A
 * node's work token is exchanged for one that the owner's code can be given: good for files alone, and for minutes.
 */
public final class NodeCallers {
    /** How long a token for files is good; nodes fetch another at half of it. */
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final String EXCHANGED = "node-files";
    private static final String AUDIENCE = "workspace-files";
    private static final List<String> KEPT = List.of("svc", "nid", "cid", "ws", "uid", "usr");
    /** As long as the gateway believes a credential; a job asks a hundred times a second. */
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private final InternalTokens tokens;
    private final PersonRights people;
    private final Cache<Person, Rights> rights =
            Caffeine.newBuilder().expireAfterWrite(BELIEVED).maximumSize(10_000).build();

    private record Person(long workspaceId, long userId) {}

    public NodeCallers(InternalTokens tokens, PersonRights people) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.people = requireNonNull(people, "people");
    }

    /** A token for files in exchange for the work token that a request shows. */
    String exchange(RoutingContext context) {
        Map<String, Object> work = claims(context, EXCHANGED);
        Map<String, Object> kept = new LinkedHashMap<>();
        KEPT.forEach(claim -> kept.put(claim, requireNonNull(work.get(claim), claim)));
        return tokens.sign(kept, AUDIENCE, LIFE);
    }

    /** The person in whose name a request is made. Blocking. */
    Caller of(RoutingContext context, String action) {
        Map<String, Object> claims = claims(context, AUDIENCE);
        Caller nobody = new Caller(
                number(claims, "ws"),
                number(claims, "uid"),
                String.valueOf(claims.get("usr")),
                Rights.NONE,
                "node",
                action,
                RequestIds.of(context));
        Endpoints.inTheNameOf(context, nobody);
        Rights now = rights.get(new Person(nobody.workspaceId(), nobody.userId()), person -> people.of(nobody));
        return nobody.with(requireNonNull(now, "rights"));
    }

    private Map<String, Object> claims(RoutingContext context, String audience) {
        return Endpoints.bearer(context)
                .flatMap(token -> tokens.claims(token, audience))
                .filter(claims -> "node".equals(claims.get("svc")) && claims.get("nid") instanceof String)
                .orElseThrow(
                        () -> new ApiException(ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid"));
    }

    private static long number(Map<String, Object> claims, String name) {
        return ((Number) requireNonNull(claims.get(name), name)).longValue();
    }
}
