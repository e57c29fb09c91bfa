package io.campanile.clusters.node;

import static io.campanile.clusters.db.Tables.DEPLOYMENT;
import static io.campanile.clusters.db.Tables.NODE;

import io.campanile.clusters.db.tables.records.NodeRecord;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.NodeJson;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * All SQL of nodes. Nodes are the platform's, not a tenant's, until they are assigned: statements that give a node to
 * a cluster or look it up for one name the workspace, the others go by the node's own id.
 */
public final class NodeStore {
    private static final int MESSAGE_LIMIT = 8_000;
    /** Of the column. */
    private static final int REASON_LIMIT = 4_096;

    private final DSLContext db;
    private final DSLContext platform;
    private final WorkerStore workers;
    private final PooledStore pooled;

    public NodeStore(Database database) {
        this.db = database.context();
        this.workers = new WorkerStore(database);
        this.pooled = new PooledStore(database);
        this.platform = database.acrossWorkspaces("nodes are the platform's, and go by their own ids");
    }

    public WorkerStore workers() {
        return workers;
    }

    /** The nodes of instance pools. */
    public PooledStore pooled() {
        return pooled;
    }

    HeartbeatStore heartbeats() {
        return new HeartbeatStore(platform);
    }

    /** The id of this installation, made at its first start: the tag of all of its nodes. */
    public String deploymentId() {
        db.insertInto(DEPLOYMENT)
                .set(DEPLOYMENT.SINGLETON, 1)
                .set(DEPLOYMENT.DEPLOYMENT_ID, UUID.randomUUID().toString())
                .set(DEPLOYMENT.CHANGE_SEQ, 1L)
                .onConflictDoNothing()
                .execute();
        return db.select(DEPLOYMENT.DEPLOYMENT_ID)
                .from(DEPLOYMENT)
                .fetchSingle()
                .value1();
    }

    /**
     * The intent to have a node.
     *
     * @param clusterId null, and workspace 0, for the warm pool
     * @param executorId null for a driver
     */
    public record Intent(
            String nodeId,
            long workspaceId,
            @Nullable String clusterId,
            long epoch,
            @Nullable Integer executorId,
            NodeShape shape,
            String secretHash) {}

    /** Writes the intent to have a node. */
    public Node request(Intent intent, long now) {
        return insert(db, intent, null, now);
    }

    static Node insert(DSLContext tx, Intent intent, @Nullable String poolId, long now) {
        String clusterId = intent.clusterId();
        return node(tx.insertInto(NODE)
                .set(NODE.POOL_ID, poolId)
                .set(NODE.NODE_ID, intent.nodeId())
                .set(NODE.WORKSPACE_ID, intent.workspaceId())
                .set(NODE.CLUSTER_ID, clusterId)
                .set(NODE.EPOCH, intent.epoch())
                .set(NODE.ROLE, (intent.executorId() == null ? NodeRole.DRIVER : NodeRole.WORKER).name())
                .set(NODE.EXECUTOR_ID, intent.executorId())
                .set(NODE.SHAPE, Json.write(intent.shape()))
                .set(NODE.STATE, NodeState.REQUESTED.name())
                .set(NODE.SECRET_HASH, intent.secretHash())
                .set(NODE.MISSING_LOOKS, 0)
                .set(NODE.REQUESTED_AT, now)
                .set(NODE.ASSIGNED_AT, clusterId == null ? null : now)
                .set(NODE.LOST, false)
                .returning()
                .fetchSingle());
    }

    /** Every node that is not gone, oldest first. */
    public List<Node> live() {
        return platform.selectFrom(NODE)
                .where(NODE.STATE.ne(NodeState.GONE.name()))
                .orderBy(NODE.REQUESTED_AT, NODE.NODE_ID)
                .fetch(NodeStore::node);
    }

    public Optional<Node> find(String nodeId) {
        return platform.selectFrom(NODE).where(NODE.NODE_ID.eq(nodeId)).fetchOptional(NodeStore::node);
    }

    /** The nodes a cluster has or had under one epoch, the newest first. */
    public List<Node> ofEpoch(long workspaceId, String clusterId, long epoch, NodeRole role) {
        return db.selectFrom(NODE)
                .where(
                        NODE.WORKSPACE_ID.eq(workspaceId),
                        NODE.CLUSTER_ID.eq(clusterId),
                        NODE.EPOCH.eq(epoch),
                        NODE.ROLE.eq(role.name()))
                .orderBy(NODE.REQUESTED_AT.desc(), NODE.NODE_ID)
                .fetch(NodeStore::node);
    }

    /** The ids of the nodes of a cluster that are to be there now, oldest first. */
    public List<String> usable(long workspaceId, String clusterId) {
        return db.select(NODE.NODE_ID)
                .from(NODE)
                .where(
                        NODE.WORKSPACE_ID.eq(workspaceId),
                        NODE.CLUSTER_ID.eq(clusterId),
                        NODE.STATE.in(NodeState.REQUESTED.name(), NodeState.LAUNCHED.name()))
                .orderBy(NODE.REQUESTED_AT, NODE.NODE_ID)
                .fetch(NODE.NODE_ID);
    }

    /** A worker's executor was asked to leave; the first time stays. */
    public void leave(long workspaceId, String nodeId, long now) {
        db.update(NODE)
                .set(NODE.LEAVING_SINCE, DSL.coalesce(NODE.LEAVING_SINCE, now))
                .where(NODE.WORKSPACE_ID.eq(workspaceId), NODE.NODE_ID.eq(nodeId))
                .execute();
    }

    /** The hash a node's secret must have; empty for a node that must not come back. */
    public Optional<String> secretHash(String nodeId) {
        return platform.select(NODE.SECRET_HASH)
                .from(NODE)
                .where(NODE.NODE_ID.eq(nodeId), NODE.STATE.ne(NodeState.GONE.name()))
                .fetchOptional(NODE.SECRET_HASH);
    }

    /** The provider showed the node with its agent. */
    public void seen(String nodeId, ProviderNode.AgentProcess agent) {
        platform.update(NODE)
                .set(
                        NODE.STATE,
                        DSL.when(NODE.STATE.eq(NodeState.REQUESTED.name()), NodeState.LAUNCHED.name())
                                .otherwise(NODE.STATE))
                .set(NODE.PID, agent.pid())
                .set(NODE.PROCESS_STARTED, agent.started())
                .set(NODE.MISSING_LOOKS, 0)
                .where(NODE.NODE_ID.eq(nodeId), NODE.STATE.ne(NodeState.GONE.name()))
                .execute();
    }

    /** The provider's list did not have the node's agent; answers how often in a row by now. */
    public int missed(String nodeId) {
        return platform.update(NODE)
                .set(NODE.MISSING_LOOKS, NODE.MISSING_LOOKS.plus(1))
                .where(NODE.NODE_ID.eq(nodeId))
                .returning(NODE.MISSING_LOOKS)
                .fetchOptional(NODE.MISSING_LOOKS)
                .orElse(0);
    }

    /** Gives a node of the warm pool of this shape to a cluster, a ready one first; empty when there is none. */
    public Optional<Node> takeFromPool(long workspaceId, String clusterId, long epoch, NodeShape shape, long now) {
        var free = db.select(NODE.NODE_ID)
                .from(NODE)
                .where(
                        NODE.CLUSTER_ID.isNull(),
                        NODE.POOL_ID.isNull(),
                        NODE.STATE.eq(NodeState.LAUNCHED.name()),
                        NODE.SHAPE.eq(Json.write(shape)),
                        NODE.MISSING_LOOKS.eq(0),
                        NODE.DRIVER_STATE.isNull().or(NODE.DRIVER_STATE.ne("FAILED")))
                .orderBy(DSL.when(NODE.DRIVER_STATE.eq("READY"), 0).otherwise(1), NODE.REQUESTED_AT)
                .limit(1)
                .forUpdate()
                .skipLocked();
        return platform.update(NODE)
                .set(NODE.WORKSPACE_ID, workspaceId)
                .set(NODE.CLUSTER_ID, clusterId)
                .set(NODE.EPOCH, epoch)
                .set(NODE.ASSIGNED_AT, now)
                .where(NODE.NODE_ID.eq(free), NODE.CLUSTER_ID.isNull())
                .returning()
                .fetchOptional(NodeStore::node);
    }

    /** The node has been told its cluster, with a work token made at {@code now}. */
    public void assignSent(String nodeId, long now) {
        platform.update(NODE)
                .set(NODE.ASSIGN_SENT_AT, DSL.coalesce(NODE.ASSIGN_SENT_AT, now))
                .set(NODE.TOKEN_ISSUED_AT, now)
                .where(NODE.NODE_ID.eq(nodeId), NODE.CLUSTER_ID.isNotNull())
                .execute();
    }

    /** Keeps what a node says of itself. */
    public void report(String nodeId, NodeStatus status, long now) {
        String driver = status.driver().name();
        platform.update(NODE)
                .set(NODE.DRIVER_STATE, driver)
                .set(NODE.DRIVER_MESSAGE, tail(status.driverMessage()))
                .set(NODE.IDLE_SINCE, status.idleSince())
                .set(NODE.LAST_SEEN, now)
                .set(NODE.READY_AT, driver.equals("READY") ? DSL.coalesce(NODE.READY_AT, now) : NODE.READY_AT)
                .set(NODE.STATUS, NodeJson.write(status))
                .where(NODE.NODE_ID.eq(nodeId), NODE.STATE.ne(NodeState.GONE.name()))
                .execute();
    }

    /** Marks a node to be ended; the first reason stays. {@code lost}: it ended without being asked. */
    public void stop(String nodeId, String reason, boolean lost, long now) {
        platform.update(NODE)
                .set(NODE.STATE, NodeState.STOPPING.name())
                .set(NODE.STOP_REQUESTED_AT, now)
                .set(NODE.STOP_REASON, head(reason))
                .set(NODE.LOST, lost)
                .where(NODE.NODE_ID.eq(nodeId), NODE.STATE.in(NodeState.REQUESTED.name(), NodeState.LAUNCHED.name()))
                .execute();
    }

    /** The provider showed nothing of a node that was to end. */
    public void gone(String nodeId, long now) {
        platform.update(NODE)
                .set(NODE.STATE, NodeState.GONE.name())
                .set(NODE.GONE_AT, now)
                .where(NODE.NODE_ID.eq(nodeId))
                .execute();
    }

    /** How it begins says what happened; a driver's last lines may be long. No character is cut in half. */
    static String head(String reason) {
        if (reason.length() <= REASON_LIMIT) {
            return reason;
        }
        boolean half = Character.isHighSurrogate(reason.charAt(REASON_LIMIT - 1));
        return reason.substring(0, half ? REASON_LIMIT - 1 : REASON_LIMIT);
    }

    /** The last lines matter most. */
    static @Nullable String tail(@Nullable String message) {
        return message == null || message.length() <= MESSAGE_LIMIT
                ? message
                : message.substring(message.length() - MESSAGE_LIMIT);
    }

    static Node node(NodeRecord row) {
        return new Node(
                row.getNodeId(),
                row.getWorkspaceId(),
                row.getClusterId(),
                row.getEpoch(),
                NodeRole.valueOf(row.getRole()),
                row.getExecutorId(),
                Json.read(row.getShape(), NodeShape.class),
                NodeState.valueOf(row.getState()),
                new Node.Life(
                        row.getRequestedAt(),
                        row.getPid(),
                        row.getProcessStarted(),
                        row.getMissingLooks(),
                        row.getAssignedAt(),
                        row.getAssignSentAt(),
                        row.getTokenIssuedAt(),
                        row.getLeavingSince(),
                        row.getStopRequestedAt(),
                        row.getStopReason(),
                        row.getLost()),
                new Node.Report(
                        row.getDriverState(),
                        row.getDriverMessage(),
                        row.getIdleSince(),
                        row.getLastSeen(),
                        row.getReadyAt(),
                        row.getStatus()),
                row.getPoolId());
    }
}
