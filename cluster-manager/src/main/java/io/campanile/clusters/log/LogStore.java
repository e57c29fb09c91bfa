package io.campanile.clusters.log;

import static io.campanile.clusters.db.Tables.CLUSTER;
import static io.campanile.clusters.db.Tables.NODE;
import static io.campanile.clusters.db.Tables.NODE_LOG;

import io.campanile.clusters.db.tables.records.NodeLogRecord;
import io.campanile.clusters.node.NodeState;
import io.campanile.common.db.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of logs: what there is, not what is in it. */
public final class LogStore {
    private final DSLContext db;
    private final DSLContext everywhere;

    public LogStore(Database database) {
        this.db = database.context();
        this.everywhere = database.acrossWorkspaces("logs are thrown away when their time is over");
    }

    Optional<NodeLog> find(NodeLog.Key key) {
        return db.selectFrom(NODE_LOG).where(is(key)).fetchOptional(LogStore::log);
    }

    /** How many logs a node has. */
    int count(NodeLog.Key any) {
        return db.fetchCount(
                NODE_LOG,
                NODE_LOG.WORKSPACE_ID.eq(any.workspaceId()),
                NODE_LOG.CLUSTER_ID.eq(any.clusterId()),
                NODE_LOG.NODE_ID.eq(any.nodeId()));
    }

    void insert(NodeLog log) {
        db.insertInto(NODE_LOG)
                .set(NODE_LOG.WORKSPACE_ID, log.key().workspaceId())
                .set(NODE_LOG.CLUSTER_ID, log.key().clusterId())
                .set(NODE_LOG.NODE_ID, log.key().nodeId())
                .set(NODE_LOG.STREAM, log.key().stream())
                .set(NODE_LOG.EPOCH, log.source().epoch())
                .set(NODE_LOG.ROLE, log.source().role())
                .set(NODE_LOG.EXECUTOR_ID, log.source().executorId())
                .set(NODE_LOG.FIRST_OFFSET, log.firstOffset())
                .set(NODE_LOG.NEXT_OFFSET, log.nextOffset())
                .set(NODE_LOG.FIRST_AT, log.firstAt())
                .set(NODE_LOG.LAST_AT, log.lastAt())
                .execute();
    }

    /** False when the log does not end at {@code offset} any more. */
    boolean advance(NodeLog.Key key, long offset, long next, long now) {
        return db.update(NODE_LOG)
                        .set(NODE_LOG.NEXT_OFFSET, next)
                        .set(NODE_LOG.LAST_AT, now)
                        .where(is(key), NODE_LOG.NEXT_OFFSET.eq(offset))
                        .execute()
                == 1;
    }

    /** What is before {@code offset} was thrown away. */
    void forgetBefore(NodeLog.Key key, long offset) {
        db.update(NODE_LOG)
                .set(NODE_LOG.FIRST_OFFSET, offset)
                .where(is(key), NODE_LOG.FIRST_OFFSET.lt(offset), NODE_LOG.NEXT_OFFSET.ge(offset))
                .execute();
    }

    void delete(NodeLog.Key key) {
        db.deleteFrom(NODE_LOG).where(is(key)).execute();
    }

    /** The logs of a cluster, those written to last first. */
    List<NodeLog> ofCluster(long workspaceId, String clusterId) {
        return db.selectFrom(NODE_LOG)
                .where(NODE_LOG.WORKSPACE_ID.eq(workspaceId), NODE_LOG.CLUSTER_ID.eq(clusterId))
                .orderBy(NODE_LOG.LAST_AT.desc(), NODE_LOG.NODE_ID, NODE_LOG.STREAM)
                .fetch(LogStore::log);
    }

    /** The nodes of a cluster that are there. */
    Set<String> liveNodes(long workspaceId, String clusterId) {
        return db.select(NODE.NODE_ID)
                .from(NODE)
                .where(
                        NODE.WORKSPACE_ID.eq(workspaceId),
                        NODE.CLUSTER_ID.eq(clusterId),
                        NODE.STATE.ne(NodeState.GONE.name()))
                .fetchSet(NODE.NODE_ID);
    }

    /** Logs that nothing was added to for so long. */
    List<NodeLog> quietSince(long before, int most) {
        return everywhere
                .selectFrom(NODE_LOG)
                .where(NODE_LOG.LAST_AT.lt(before))
                .orderBy(NODE_LOG.LAST_AT)
                .limit(most)
                .fetch(LogStore::log);
    }

    /** Logs of clusters that are not there for anybody. */
    List<NodeLog> ofNobody(int most) {
        return everywhere
                .selectFrom(NODE_LOG)
                .where(DSL.notExists(DSL.selectOne()
                        .from(CLUSTER)
                        .where(
                                CLUSTER.WORKSPACE_ID.eq(NODE_LOG.WORKSPACE_ID),
                                CLUSTER.CLUSTER_ID.eq(NODE_LOG.CLUSTER_ID),
                                CLUSTER.DELETED_AT.isNull())))
                .limit(most)
                .fetch(LogStore::log);
    }

    private static Condition is(NodeLog.Key key) {
        return NODE_LOG.WORKSPACE_ID
                .eq(key.workspaceId())
                .and(NODE_LOG.CLUSTER_ID.eq(key.clusterId()))
                .and(NODE_LOG.NODE_ID.eq(key.nodeId()))
                .and(NODE_LOG.STREAM.eq(key.stream()));
    }

    private static NodeLog log(NodeLogRecord row) {
        return new NodeLog(
                new NodeLog.Key(row.getWorkspaceId(), row.getClusterId(), row.getNodeId(), row.getStream()),
                new NodeLog.Source(row.getEpoch(), row.getRole(), row.getExecutorId()),
                row.getFirstOffset(),
                row.getNextOffset(),
                row.getFirstAt(),
                row.getLastAt());
    }
}
