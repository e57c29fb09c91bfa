package io.campanile.clusters.node;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.InternalTokens;
import io.campanile.node.protocol.ControlMessage.Assignment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a node is told of its cluster, and the token with which it works for the cluster's owner. */
public final class Assignments {
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);
    /** Half of its life is left to try it again, should the node be away. */
    private static final Duration RENEWED_AFTER = TOKEN_LIFE.dividedBy(2);

    private static final String FILES = "node-files";
    /** Work is with notebook-service; workspace gives a token for files in exchange. */
    private static final List<String> OF_DRIVERS = List.of("notebook-service", FILES);
    /** An executor reads and writes files; kernels are the driver's node's. */
    private static final List<String> OF_WORKERS = List.of(FILES);

    private final InternalTokens tokens;
    private final Path dataDir;
    private final Owners owners;

    /** Looks up whose cluster it is. */
    @FunctionalInterface
    public interface Owners {
        Optional<Owner> of(long workspaceId, String clusterId);
    }

    /** The owner of a cluster and its name. */
    public record Owner(String clusterName, long userId, String userName) {}

    public Assignments(InternalTokens tokens, Path dataDir, Owners owners) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.dataDir = requireNonNull(dataDir, "dataDir").toAbsolutePath().normalize();
        this.owners = requireNonNull(owners, "owners");
    }

    /** Empty when the node belongs to no cluster. */
    public Optional<Assignment> of(Node node) {
        String clusterId = node.clusterId();
        return clusterId == null
                ? Optional.empty()
                : owners.of(node.workspaceId(), clusterId)
                        .map(owner -> new Assignment(
                                clusterId,
                                owner.clusterName(),
                                node.workspaceId(),
                                owner.userId(),
                                owner.userName(),
                                node.epoch(),
                                dataDir.resolve("files/" + node.workspaceId()).toString()));
    }

    /** Whether the work token a node has is to be replaced. */
    static boolean renewable(Node node, long now) {
        Long issued = node.life().tokenIssuedAt();
        return issued != null && now - issued > RENEWED_AFTER.toMillis();
    }

    public String workToken(Node node, Assignment assignment) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("svc", "node");
        claims.put("nid", node.nodeId());
        claims.put("cid", assignment.clusterId());
        claims.put("ws", assignment.workspaceId());
        claims.put("uid", assignment.ownerUserId());
        claims.put("usr", assignment.ownerUserName());
        claims.put("ep", assignment.epoch());
        return tokens.sign(claims, node.worker() ? OF_WORKERS : OF_DRIVERS, TOKEN_LIFE);
    }
}
