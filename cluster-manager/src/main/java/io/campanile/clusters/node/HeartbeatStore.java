package io.campanile.clusters.node;

import static io.campanile.clusters.db.Tables.NODE;

import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.NodeJson;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Writes what many nodes say in one statement. Nodes go by their own ids. */
final class HeartbeatStore {
    private static final int ROWS = 1_000;

    private final DSLContext platform;

    HeartbeatStore(DSLContext platform) {
        this.platform = platform;
    }

    /** Nodes that were heard at a time, in milliseconds since the epoch, and said nothing new. */
    void same(Map<String, Long> heard) {
        for (List<Map.Entry<String, Long>> piece : Heartbeats.pieces(List.copyOf(heard.entrySet()), ROWS)) {
            Table<?> beats = DSL.table(
                            "unnest({0}, {1})",
                            DSL.val(column(piece, Map.Entry::getKey, String[]::new)),
                            DSL.val(column(piece, Map.Entry::getValue, Long[]::new)))
                    .as("beat", "id", "seen");
            platform.update(NODE)
                    .set(NODE.LAST_SEEN, field("seen", Long.class))
                    .from(beats)
                    .where(NODE.NODE_ID.eq(field("id", String.class)), NODE.STATE.ne(NodeState.GONE.name()))
                    .execute();
        }
    }

    /** Nodes that said something else than what they are there for: that is as it was. */
    void changed(Map<String, Heartbeats.Beat> heard) {
        for (List<Map.Entry<String, Heartbeats.Beat>> piece : Heartbeats.pieces(List.copyOf(heard.entrySet()), ROWS)) {
            Table<?> beats = DSL.table(
                            "unnest({0}, {1}, {2}, {3}, {4})",
                            DSL.val(column(piece, Map.Entry::getKey, String[]::new)),
                            DSL.val(column(piece, beat -> beat.getValue().at(), Long[]::new)),
                            DSL.val(column(piece, beat -> status(beat).idleSince(), Long[]::new)),
                            DSL.val(column(
                                    piece, beat -> NodeStore.tail(status(beat).driverMessage()), String[]::new)),
                            DSL.val(column(piece, beat -> NodeJson.write(status(beat)), String[]::new)))
                    .as("beat", "id", "seen", "idle", "message", "status");
            platform.update(NODE)
                    .set(NODE.LAST_SEEN, field("seen", Long.class))
                    .set(NODE.IDLE_SINCE, field("idle", Long.class))
                    .set(NODE.DRIVER_MESSAGE, field("message", String.class))
                    .set(NODE.STATUS, field("status", String.class))
                    .from(beats)
                    .where(NODE.NODE_ID.eq(field("id", String.class)), NODE.STATE.ne(NodeState.GONE.name()))
                    .execute();
        }
    }

    private static NodeStatus status(Map.Entry<String, Heartbeats.Beat> beat) {
        return beat.getValue().status();
    }

    private static <T> Field<T> field(String name, Class<T> type) {
        return DSL.field(DSL.name("beat", name), type);
    }

    private static <R, T> @Nullable T[] column(
            List<R> rows, Function<R, ? extends @Nullable T> value, IntFunction<@Nullable T[]> array) {
        @Nullable T[] column = array.apply(rows.size());
        for (int row = 0; row < column.length; row++) {
            column[row] = value.apply(rows.get(row));
        }
        return column;
    }
}
