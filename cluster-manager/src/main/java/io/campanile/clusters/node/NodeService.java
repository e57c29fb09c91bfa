package io.campanile.clusters.node;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.provider.NodeOwner;
import io.campanile.clusters.provider.NodeProvider;
import io.campanile.clusters.provider.ProviderException;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node says and what it is answered. Blocking; knows neither sockets nor SQL. */
public final class NodeService {
    private static final Logger LOG = LoggerFactory.getLogger(NodeService.class);

    private final NodeStore nodes;
    private final Assignments assignments;
    private final NodeProvider provider;
    private final LibraryOrders libraries;
    private final Clock clock;
    private final Heartbeats heartbeats;
    private final UsageListener usage;

    /**
     * Whom it needs and tells.
     *
     * @param libraries those that a driver's node is to have
     * @param usage who wants to know what nodes measure
     */
    public record Seams(NodeProvider provider, LibraryOrders libraries, UsageListener usage) {
        /** Of clusters without libraries, measured for nobody. */
        public static Seams of(NodeProvider provider) {
            return new Seams(provider, LibraryOrders.NONE, (nodeId, measured) -> {});
        }
    }

    public NodeService(NodeStore nodes, Assignments assignments, Seams seams, Clock clock) {
        this.nodes = requireNonNull(nodes, "nodes");
        this.assignments = requireNonNull(assignments, "assignments");
        this.provider = requireNonNull(seams.provider(), "provider");
        this.libraries = requireNonNull(seams.libraries(), "libraries");
        this.usage = requireNonNull(seams.usage(), "usage");
        this.clock = requireNonNull(clock, "clock");
        this.heartbeats = new Heartbeats(nodes);
    }

    /** The node a credential {@code node.<id>.<secret>} belongs to. */
    public Optional<String> authenticate(String credential) {
        String[] parts = credential.split("\\.", 3);
        if (parts.length != 3 || !parts[0].equals("node")) {
            return Optional.empty();
        }
        return nodes.secretHash(parts[1])
                .filter(hash -> NodeSecrets.matches(parts[2], hash))
                .map(hash -> parts[1]);
    }

    /** Answers the first frame of a connection: what the node is, or that it must stop. */
    public List<ControlMessage> hello(String nodeId, ControlMessage.Hello hello) {
        Node node = nodes.find(nodeId).orElse(null);
        if (node == null || node.state() == NodeState.GONE || node.state() == NodeState.STOPPING) {
            return List.of(new ControlMessage.Stop(
                    node == null || node.life().stopReason() == null
                            ? "The node is not known"
                            : node.life().stopReason()));
        }
        heartbeats.report(nodeId, hello.status().withUsage(null), clock.millis());
        Assignment wanted = assignments.of(node).orElse(null);
        if (hello.assignment() != null && !sameCluster(hello.assignment(), wanted)) {
            return List.of(new ControlMessage.Stop("The node serves a cluster it was not given to"));
        }
        if (wanted != null && hello.assignment() == null && !opened(nodeId, wanted)) {
            return List.of(new ControlMessage.Stop("The node could not be given to its owner"));
        }
        List<ControlMessage> answers = new ArrayList<>();
        String token = wanted == null ? null : assignments.workToken(node, wanted);
        answers.add(new ControlMessage.Welcome(hello.assignment() == null ? null : token));
        if (wanted != null && token != null) {
            // Before it begins to run cells, which wait for them.
            libraries.of(node).ifPresent(answers::add);
            if (hello.assignment() == null) {
                answers.add(new ControlMessage.Assign(wanted, token));
            }
            nodes.assignSent(nodeId, clock.millis());
            join(node).ifPresent(answers::add);
        }
        return answers;
    }

    /** Tells a worker its driver; false when there is nothing to tell yet, or nobody to tell it to. */
    public boolean join(Node worker, NodeLinks links) {
        return join(worker).map(join -> links.send(worker.nodeId(), join)).orElse(false);
    }

    /** The driver of the worker's own cluster and epoch, once executors can report to it. */
    private Optional<ControlMessage> join(Node worker) {
        String clusterId = worker.clusterId();
        if (!worker.worker() || clusterId == null) {
            return Optional.empty();
        }
        return nodes.ofEpoch(worker.workspaceId(), clusterId, worker.epoch(), NodeRole.DRIVER).stream()
                .filter(Node::usable)
                .flatMap(driver -> driver.status().map(NodeStatus::scheduler).stream())
                .findFirst()
                .map(scheduler -> new ControlMessage.Join(scheduler.url(), scheduler.appId()));
    }

    /** Something is new that the reconciler is to see at once. */
    public void status(String nodeId, NodeStatus status) {
        heartbeats.report(nodeId, status.withUsage(null), clock.millis());
        told(nodeId, status);
    }

    /** The node's driver or executor is as it was: written before the next look. Does not block. */
    public void heard(String nodeId, NodeStatus status) {
        heartbeats.heard(nodeId, status.withUsage(null), clock.millis());
        told(nodeId, status);
    }

    /** Writes what was {@link #heard}: to be called before nodes are looked at. */
    public void settle() {
        heartbeats.flush();
    }

    public void disconnected(String nodeId) {
        heartbeats.disconnected(nodeId);
    }

    /** What was measured is kept elsewhere: it is new each time, and the row of a node is not. */
    private void told(String nodeId, NodeStatus status) {
        ControlMessage.Usage measured = status.usage();
        if (measured != null) {
            usage.measured(nodeId, measured);
        }
    }

    /** The agent says that it ends by itself. */
    public void bye(String nodeId, String reason) {
        nodes.stop(nodeId, "The node ended: " + reason, true, clock.millis());
    }

    /** Sends a node its assignment (again, with a fresh token); false when it is not connected. */
    public boolean assign(Node node, NodeLinks links) {
        Optional<Assignment> assignment = assignments.of(node);
        if (assignment.isEmpty() || (node.life().assignSentAt() == null && !opened(node.nodeId(), assignment.get()))) {
            return false;
        }
        String token = assignments.workToken(node, assignment.get());
        install(node, links);
        boolean sent = links.send(node.nodeId(), new ControlMessage.Assign(assignment.get(), token));
        if (sent) {
            nodes.assignSent(node.nodeId(), clock.millis());
        }
        return sent;
    }

    /** Tells a driver what its cluster is to have; a node that is not connected learns it at its hello. */
    public void install(Node node, NodeLinks links) {
        libraries.of(node).ifPresent(order -> links.send(node.nodeId(), order));
    }

    /** The order for a node whose hello was just answered: what was asked for meanwhile went to no connection. */
    Optional<ControlMessage> missed(String nodeId) {
        return nodes.find(nodeId).filter(Node::usable).flatMap(libraries::of);
    }

    /** Sends any node of a cluster that has a work token a fresh one in time. */
    public void renew(Node node, NodeLinks links) {
        if (node.usable() && Assignments.renewable(node, clock.millis()) && links.connected(node.nodeId())) {
            assign(node, links);
        }
    }

    /** What is its owner's must be in its sight, and what is others' not, before it is told whose it is. */
    private boolean opened(String nodeId, Assignment assignment) {
        try {
            provider.open(nodeId, new NodeOwner(assignment.workspaceId(), assignment.ownerUserId(), null));
            return true;
        } catch (ProviderException e) {
            LOG.atWarn().addKeyValue("nodeId", nodeId).setCause(e).log("A node could not be given to its owner");
            nodes.stop(nodeId, String.valueOf(e.getMessage()), true, clock.millis());
            return false;
        }
    }

    private static boolean sameCluster(Assignment told, @Nullable Assignment wanted) {
        return wanted != null
                && Objects.equals(told.clusterId(), wanted.clusterId())
                && told.epoch() == wanted.epoch()
                && told.workspaceId() == wanted.workspaceId();
    }
}
