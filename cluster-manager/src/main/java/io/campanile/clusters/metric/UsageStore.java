package io.campanile.clusters.metric;

import static io.campanile.clusters.db.Tables.NODE;
import static io.campanile.clusters.db.Tables.NODE_USAGE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.campanile.clusters.db.tables.records.NodeUsageRecord;
import io.campanile.clusters.node.NodeState;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** All SQL of what was measured. */
public final class UsageStore {
    private static final TypeReference<List<List<Number>>> ROWS = new TypeReference<>() {};

    private final DSLContext db;
    private final DSLContext everywhere;

    public UsageStore(Database database) {
        this.db = database.context();
        this.everywhere = database.acrossWorkspaces("what was measured is thrown away when its time is over");
    }

    /** The blocks of a cluster's nodes from a time on, in their order. */
    List<Block> ofCluster(long workspaceId, String clusterId, long from) {
        return db.selectFrom(NODE_USAGE)
                .where(
                        NODE_USAGE.WORKSPACE_ID.eq(workspaceId),
                        NODE_USAGE.CLUSTER_ID.eq(clusterId),
                        NODE_USAGE.BLOCK_AT.ge(from))
                .orderBy(NODE_USAGE.BLOCK_AT, NODE_USAGE.NODE_ID)
                .fetch(UsageStore::block);
    }

    /** What is stored of a block. */
    List<Sample> samples(Block.Key key, long at) {
        return db
                .selectFrom(NODE_USAGE)
                .where(
                        NODE_USAGE.WORKSPACE_ID.eq(key.workspaceId()),
                        NODE_USAGE.CLUSTER_ID.eq(key.clusterId()),
                        NODE_USAGE.NODE_ID.eq(key.nodeId()),
                        NODE_USAGE.BLOCK_AT.eq(at))
                .fetch(UsageStore::block)
                .stream()
                .flatMap(block -> block.samples().stream())
                .toList();
    }

    void put(Block block) {
        String mean = Json.write(List.of(block.mean().row()));
        String samples = Json.write(block.samples().stream().map(Sample::row).toList());
        db.insertInto(NODE_USAGE)
                .set(NODE_USAGE.WORKSPACE_ID, block.key().workspaceId())
                .set(NODE_USAGE.CLUSTER_ID, block.key().clusterId())
                .set(NODE_USAGE.NODE_ID, block.key().nodeId())
                .set(NODE_USAGE.BLOCK_AT, block.at())
                .set(NODE_USAGE.EPOCH, block.source().epoch())
                .set(NODE_USAGE.ROLE, block.source().role())
                .set(NODE_USAGE.EXECUTOR_ID, block.source().executorId())
                .set(NODE_USAGE.MEMORY_LIMIT, block.source().memoryLimit())
                .set(NODE_USAGE.MEAN, mean)
                .set(NODE_USAGE.SAMPLES, samples)
                .onConflict(NODE_USAGE.WORKSPACE_ID, NODE_USAGE.CLUSTER_ID, NODE_USAGE.NODE_ID, NODE_USAGE.BLOCK_AT)
                .doUpdate()
                .set(NODE_USAGE.MEAN, mean)
                .set(NODE_USAGE.SAMPLES, samples)
                .execute();
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

    /** Of blocks before {@code samplesFrom} only their means stay, of those before {@code meansFrom} nothing. */
    void forget(long samplesFrom, long meansFrom) {
        everywhere
                .deleteFrom(NODE_USAGE)
                .where(NODE_USAGE.BLOCK_AT.lt(meansFrom))
                .execute();
        everywhere
                .update(NODE_USAGE)
                .setNull(NODE_USAGE.SAMPLES)
                .where(NODE_USAGE.BLOCK_AT.lt(samplesFrom), NODE_USAGE.SAMPLES.isNotNull())
                .execute();
    }

    private static Block block(NodeUsageRecord row) {
        return new Block(
                new Block.Key(row.getWorkspaceId(), row.getClusterId(), row.getNodeId()),
                new Block.Source(row.getEpoch(), row.getRole(), row.getExecutorId(), row.getMemoryLimit()),
                row.getBlockAt(),
                read(row.getMean()).get(0),
                read(row.getSamples()));
    }

    private static List<Sample> read(@Nullable String rows) {
        try {
            return rows == null
                    ? List.of()
                    : Json.MAPPER.readValue(rows, ROWS).stream().map(Sample::of).toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was measured cannot be read", e);
        }
    }
}
