package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER_EVENT;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;

/** All SQL of the events of clusters: written with the change that they tell of, and never changed. */
public final class EventStore {
    private final DSLContext db;

    EventStore(Database database) {
        this.db = database.context();
    }

    /** Stores the events of a change in its transaction. */
    static void append(DSLContext tx, Change change) {
        for (ClusterEvent event : change.events()) {
            tx.insertInto(CLUSTER_EVENT)
                    .set(CLUSTER_EVENT.WORKSPACE_ID, change.cluster().workspaceId())
                    .set(CLUSTER_EVENT.CLUSTER_ID, change.cluster().clusterId())
                    .set(CLUSTER_EVENT.EVENT_TYPE, event.type().name())
                    .set(CLUSTER_EVENT.AT, event.timestamp())
                    .set(CLUSTER_EVENT.DETAILS, Json.write(event.details()))
                    .execute();
        }
    }

    /** How often an event was written since {@code from}. */
    public int count(long workspaceId, String clusterId, EventType type, long from) {
        return db.fetchCount(
                CLUSTER_EVENT,
                CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId),
                CLUSTER_EVENT.CLUSTER_ID.eq(clusterId),
                CLUSTER_EVENT.EVENT_TYPE.eq(type.name()),
                CLUSTER_EVENT.AT.ge(from));
    }

    /** A page of a cluster's events and how many there are in all. */
    Page page(long workspaceId, String clusterId, EventQuery query) {
        Condition wanted = CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId).and(CLUSTER_EVENT.CLUSTER_ID.eq(clusterId));
        if (query.startTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.ge(query.startTime()));
        }
        if (query.endTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.le(query.endTime()));
        }
        if (!query.types().isEmpty()) {
            wanted = wanted.and(CLUSTER_EVENT.EVENT_TYPE.in(query.types()));
        }
        List<ClusterEvent> events = db.select(CLUSTER_EVENT.EVENT_TYPE, CLUSTER_EVENT.AT, CLUSTER_EVENT.DETAILS)
                .from(CLUSTER_EVENT)
                .where(wanted)
                .orderBy(
                        query.ascending() ? CLUSTER_EVENT.AT.asc() : CLUSTER_EVENT.AT.desc(),
                        query.ascending() ? CLUSTER_EVENT.EVENT_ID.asc() : CLUSTER_EVENT.EVENT_ID.desc())
                .limit(query.limit())
                .offset(query.offset())
                .fetch(EventStore::event);
        return new Page(events, db.fetchCount(CLUSTER_EVENT, wanted));
    }

    /** Events of one page and the number of all that match. */
    record Page(List<ClusterEvent> events, int total) {}

    private static ClusterEvent event(Record row) {
        @SuppressWarnings("unchecked")
        Map<String, Object> details = Json.read(row.get(CLUSTER_EVENT.DETAILS), Map.class);
        return new ClusterEvent(
                EventType.valueOf(row.get(CLUSTER_EVENT.EVENT_TYPE)), row.get(CLUSTER_EVENT.AT), details);
    }
}
