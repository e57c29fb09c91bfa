package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER_EVENT;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

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

    /** A page of a cluster's events, in the order asked for whichever way pages are turned, and how many there are. */
    Page page(long workspaceId, String clusterId, EventQuery query) {
        Condition wanted = wanted(workspaceId, clusterId, query);
        EventQuery.Cursor cursor = query.cursor();
        boolean backwards = cursor != null && cursor.backwards();
        boolean ascending = query.ascending() != backwards;
        Condition here = cursor == null ? wanted : wanted.and(beyond(cursor.position(), ascending));
        List<Entry> found = db.select(
                        CLUSTER_EVENT.EVENT_ID, CLUSTER_EVENT.EVENT_TYPE, CLUSTER_EVENT.AT, CLUSTER_EVENT.DETAILS)
                .from(CLUSTER_EVENT)
                .where(here)
                .orderBy(
                        ascending ? CLUSTER_EVENT.AT.asc() : CLUSTER_EVENT.AT.desc(),
                        ascending ? CLUSTER_EVENT.EVENT_ID.asc() : CLUSTER_EVENT.EVENT_ID.desc())
                .limit(query.limit() + 1)
                .offset(cursor == null ? query.offset() : 0)
                .fetch(EventStore::entry);
        boolean more = found.size() > query.limit();
        List<Entry> page = new ArrayList<>(more ? found.subList(0, query.limit()) : found);
        if (backwards) {
            Collections.reverse(page);
        }
        return new Page(page, db.fetchCount(CLUSTER_EVENT, wanted), more);
    }

    private static Condition wanted(long workspaceId, String clusterId, EventQuery query) {
        Condition wanted = CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId).and(CLUSTER_EVENT.CLUSTER_ID.eq(clusterId));
        if (query.startTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.ge(query.startTime()));
        }
        if (query.endTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.le(query.endTime()));
        }
        return query.types().isEmpty() ? wanted : wanted.and(CLUSTER_EVENT.EVENT_TYPE.in(query.types()));
    }

    private static Condition beyond(EventQuery.Position last, boolean ascending) {
        var row = DSL.row(CLUSTER_EVENT.AT, CLUSTER_EVENT.EVENT_ID);
        var seen = DSL.row(DSL.val(last.at()), DSL.val(last.eventId()));
        return ascending ? row.gt(seen) : row.lt(seen);
    }

    /** An event and its number, which says what came first in one millisecond. */
    record Entry(long eventId, ClusterEvent event) {
        EventQuery.Position position() {
            return new EventQuery.Position(event.timestamp(), eventId);
        }
    }

    /** Events of one page, the number of all that match, and whether more of them lie the way that was gone. */
    record Page(List<Entry> entries, int total, boolean more) {
        List<ClusterEvent> events() {
            return entries.stream().map(Entry::event).toList();
        }
    }

    private static Entry entry(Record row) {
        @SuppressWarnings("unchecked")
        Map<String, Object> details = Json.read(row.get(CLUSTER_EVENT.DETAILS), Map.class);
        EventType type = EventType.valueOf(row.get(CLUSTER_EVENT.EVENT_TYPE));
        return new Entry(row.get(CLUSTER_EVENT.EVENT_ID), new ClusterEvent(type, row.get(CLUSTER_EVENT.AT), details));
    }
}
