package io.campanile.notebooks.nodes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.InternalTokens;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/** Which node speaks, for which cluster and in which life of it, as its work token says. */
public record NodeIdentity(
        String nodeId, String clusterId, long workspaceId, Owner owner, long epoch, Instant expires) {
    private static final String AUDIENCE = "notebook-service";

    public NodeIdentity {
        requireNonNull(nodeId, "nodeId");
        requireNonNull(clusterId, "clusterId");
        requireNonNull(owner, "owner");
        requireNonNull(expires, "expires");
    }

    /** Whose code the node runs. */
    public record Owner(long userId, String userName) {
        public Owner {
            requireNonNull(userName, "userName");
        }
    }

    /** Empty when the token is forged, expired, meant for another service or not a node's. */
    static Optional<NodeIdentity> of(String token, InternalTokens tokens) {
        return tokens.claims(token, AUDIENCE).flatMap(NodeIdentity::of);
    }

    private static Optional<NodeIdentity> of(Map<String, Object> claims) {
        if ("node".equals(claims.get("svc"))
                && claims.get("nid") instanceof String node
                && claims.get("cid") instanceof String cluster
                && claims.get("ws") instanceof Number workspace
                && claims.get("uid") instanceof Number user
                && claims.get("usr") instanceof String userName
                && claims.get("ep") instanceof Number epoch
                && claims.get("exp") instanceof Date expires) {
            return Optional.of(new NodeIdentity(
                    node,
                    cluster,
                    workspace.longValue(),
                    new Owner(user.longValue(), userName),
                    epoch.longValue(),
                    expires.toInstant()));
        }
        return Optional.empty();
    }
}
