package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeRole;
import io.campanile.clusters.node.NodeSecrets;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.provider.NodeOwner;
import io.campanile.clusters.provider.NodeProvider;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.provider.ProviderException;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.auth.Secret;
import io.campanile.node.protocol.ControlMessage;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings node rows and the provider's nodes together: intent first, adoption after a crash, ends seen through. */
final class NodeKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
    private static final int LOOKS = 2;
    /** A request without a node may still be on its way for so long. */
    private static final long REQUEST_MILLIS = 5_000;

    private final NodeStore nodes;
    private final NodeProvider provider;
    private final NodeLinks links;
    private final ClusterConfig config;
    private final Clock clock;
    private final String deploymentId;
    private final Map<String, Stray> strays = new HashMap<>();
    /** Nodes that the provider could not end. */
    private final Set<String> stubborn = new HashSet<>();

    NodeKeeper(NodeStore nodes, NodeProvider provider, NodeLinks links, ClusterConfig config, Clock clock) {
        this.nodes = requireNonNull(nodes, "nodes");
        this.provider = requireNonNull(provider, "provider");
        this.links = requireNonNull(links, "links");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
        this.deploymentId = nodes.deploymentId();
    }

    /** Looks, and writes down what was seen. Fails, changing nothing, when the provider cannot tell. */
    Observation observe(Listening listening) {
        Map<String, ProviderNode> seen = new HashMap<>();
        provider.list().forEach(node -> seen.put(node.nodeId(), node));
        long now = clock.millis();
        List<Node> live = nodes.live();
        boolean written = false;
        for (Node node : live) {
            ProviderNode real = seen.get(node.nodeId());
            if (node.state() == NodeState.STOPPING) {
                attempt(node.nodeId(), () -> seeEnded(node, real, now));
                written = true;
            } else if (real != null && real.agent() != null) {
                if (node.state() == NodeState.REQUESTED || node.life().missingLooks() > 0) {
                    nodes.seen(node.nodeId(), real.agent());
                    written = true;
                }
            } else {
                missed(node, now);
                written = true;
            }
        }
        if (written) {
            live = nodes.live();
        }
        sweep(seen, live.stream().map(Node::nodeId).collect(Collectors.toSet()), now);
        // Later than what the rows say, though we should be suspended in between.
        long looked = clock.millis();
        return new Observation(live, seen, looked, listening.since(looked));
    }

    /**
     * Writes the intent, then asks the provider. What happens in between, {@link #observe} finds. False when the
     * provider refused.
     */
    boolean create(NodePlan plan) {
        return create(plan, null);
    }

    /** As {@link #create(NodePlan)}, of an instance pool; false too when that is full or gone. */
    boolean create(NodePlan plan, @Nullable String poolId) {
        String nodeId = "n" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        Secret secret = NodeSecrets.create();
        NodeStore.Intent intent = new NodeStore.Intent(
                nodeId,
                plan.workspaceId(),
                plan.clusterId(),
                plan.epoch(),
                plan.executorId(),
                plan.shape(),
                NodeSecrets.hash(secret));
        if (poolId == null) {
            nodes.request(intent, clock.millis());
        } else if (nodes.pooled().request(intent, poolId, clock.millis()).isEmpty()) {
            return false;
        }
        try {
            ProviderNode created = provider.create(new NodeRequest(
                    nodeId,
                    deploymentId,
                    plan.shape(),
                    plan.executorId(),
                    secret,
                    plan.clusterSecret(),
                    plan.secrets(),
                    owner(plan)));
            ProviderNode.AgentProcess agent = created.agent();
            if (agent != null) {
                nodes.seen(nodeId, agent);
            }
            LOG.atInfo()
                    .addKeyValue("nodeId", nodeId)
                    .addKeyValue("clusterId", plan.clusterId())
                    .addKeyValue("executorId", plan.executorId())
                    .addKeyValue("nodeType", plan.shape().nodeTypeId())
                    .log("Node created");
            return true;
        } catch (ProviderException e) {
            LOG.atWarn().addKeyValue("nodeId", nodeId).setCause(e).log("Node could not be created");
            nodes.stop(nodeId, String.valueOf(e.getMessage()), true, clock.millis());
            return false;
        }
    }

    /** Null for the warm pool: whoever gets the node is not known yet. */
    private @Nullable NodeOwner owner(NodePlan plan) {
        String clusterId = plan.clusterId();
        Long userId = plan.ownerUserId();
        if (clusterId == null || userId == null) {
            return null;
        }
        String driver = plan.executorId() == null
                ? null
                : nodes.ofEpoch(plan.workspaceId(), clusterId, plan.epoch(), NodeRole.DRIVER).stream()
                        .filter(Node::usable)
                        .map(Node::nodeId)
                        .findFirst()
                        .orElse(null);
        return new NodeOwner(plan.workspaceId(), userId, driver);
    }

    void stop(Node node, String reason) {
        stop(node, reason, false);
    }

    /** Ends an idle node of an instance pool, unless a cluster got it meanwhile: then false. */
    boolean endIdle(Node node, String reason, boolean lost) {
        boolean ends = nodes.pooled().end(node, reason, lost, clock.millis());
        if (ends) {
            links.send(node.nodeId(), new ControlMessage.Stop(reason));
        }
        return ends;
    }

    /** {@code lost}: it is given up rather than no longer wanted. */
    void stop(Node node, String reason, boolean lost) {
        if (node.usable()) {
            nodes.stop(node.nodeId(), reason, lost, clock.millis());
            links.send(node.nodeId(), new ControlMessage.Stop(reason));
        }
    }

    /** A node that the provider cannot end now is tried again, and keeps nobody from looking at the others. */
    private void attempt(String nodeId, Runnable end) {
        try {
            end.run();
            stubborn.remove(nodeId);
        } catch (ProviderException e) {
            if (stubborn.add(nodeId)) {
                LOG.atError().addKeyValue("nodeId", nodeId).setCause(e).log("A node could not be ended; trying again");
            }
        }
    }

    private void missed(Node node, long now) {
        int looks = nodes.missed(node.nodeId());
        boolean mayBeOnItsWay =
                node.state() == NodeState.REQUESTED && now - node.life().requestedAt() < REQUEST_MILLIS;
        if (looks >= LOOKS && !mayBeOnItsWay) {
            String reason = node.state() == NodeState.REQUESTED
                    ? "The node was never started"
                    : "The agent of the node ended unexpectedly";
            nodes.stop(node.nodeId(), reason, true, now);
            LOG.atWarn()
                    .addKeyValue("nodeId", node.nodeId())
                    .addKeyValue("clusterId", node.clusterId())
                    .addKeyValue("reason", reason)
                    .log("Node lost");
        }
    }

    /** Asks, then insists; gone only when the provider shows nothing of it. */
    private void seeEnded(Node node, @Nullable ProviderNode real, long now) {
        if (real == null) {
            provider.forget(node.nodeId());
            nodes.gone(node.nodeId(), now);
            LOG.atInfo()
                    .addKeyValue("nodeId", node.nodeId())
                    .addKeyValue("clusterId", node.clusterId())
                    .addKeyValue("reason", node.life().stopReason())
                    .log("Node gone");
            return;
        }
        Long requested = node.life().stopRequestedAt();
        long asked = requested == null ? 0 : now - requested;
        long grace = config.stopGrace().toMillis();
        boolean told = real.agent() != null && links.connected(node.nodeId());
        if (asked >= 2 * grace || (!told && asked >= grace)) {
            provider.terminate(real, true);
        } else if (asked >= grace || !told) {
            provider.terminate(real, false);
        } else {
            links.send(
                    node.nodeId(),
                    new ControlMessage.Stop(String.valueOf(node.life().stopReason())));
        }
    }

    /**
     * Ends what carries our tag and is in no row or in one that is gone: seen twice and old enough. Another
     * installation's tag (a restored database, say) is left alone and said aloud.
     */
    private void sweep(Map<String, ProviderNode> seen, Set<String> live, long now) {
        strays.keySet().retainAll(seen.keySet());
        for (ProviderNode real : seen.values()) {
            boolean known = live.contains(real.nodeId())
                    || nodes.find(real.nodeId()).map(Node::live).orElse(false);
            if (known) {
                strays.remove(real.nodeId());
                continue;
            }
            Stray stray = strays.computeIfAbsent(real.nodeId(), id -> new Stray(now));
            if (now - stray.since < config.orphanAge().toMillis()) {
                continue;
            }
            if (!deploymentId.equals(real.deploymentId())) {
                if (!stray.told) {
                    stray.told = true;
                    LOG.atError()
                            .addKeyValue("nodeId", real.nodeId())
                            .log("A node of another database runs on this data directory; it is left alone");
                }
                continue;
            }
            LOG.atWarn().addKeyValue("nodeId", real.nodeId()).log("Ending a node that nobody knows");
            boolean force = now - stray.since > 2 * config.orphanAge().toMillis();
            attempt(real.nodeId(), () -> provider.terminate(real, force));
        }
    }

    private static final class Stray {
        private final long since;
        private boolean told;

        Stray(long since) {
            this.since = since;
        }
    }
}
