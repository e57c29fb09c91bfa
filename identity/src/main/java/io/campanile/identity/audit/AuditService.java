package io.campanile.identity.audit;

import io.campanile.common.audit.AuditEvent;
import io.campanile.common.audit.AuditPosition;
import io.campanile.common.audit.AuditQuery;
import io.campanile.common.auth.Caller;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logs of all services as one, the newest first. Blocking. */
public final class AuditService {
    private static final int BATCH = 500;
    private static final Comparator<AuditEvent> NEWEST = Comparator.comparing(AuditEvent::position);

    private final List<AuditSource> sources;

    public AuditService(List<AuditSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** One page; {@code next} is where the following one begins, null at the end. */
    record Page(List<AuditEvent> events, @Nullable AuditPosition next) {}

    Page page(Caller caller, AuditQuery query) {
        Reading reading = new Reading(caller, query, query.limit() + 1);
        List<AuditEvent> events = reading.next(query.limit());
        boolean more = events.size() == query.limit() && !reading.next(1).isEmpty();
        return new Page(events, more ? events.get(events.size() - 1).position() : null);
    }

    /** Everything that matches, piece by piece. */
    Reading read(Caller caller, AuditQuery query) {
        return new Reading(caller, query, BATCH);
    }

    /** Merges the sources; holds one batch of each. One thread at a time. */
    final class Reading {
        private final List<Cursor> cursors;

        private Reading(Caller caller, AuditQuery query, int batch) {
            this.cursors = sources.stream()
                    .map(source -> new Cursor(source, caller, query, Math.min(batch, AuditQuery.MOST)))
                    .toList();
        }

        /** The next rows, at most so many; none at the end. */
        List<AuditEvent> next(int most) {
            List<AuditEvent> events = new ArrayList<>();
            while (events.size() < most) {
                Optional<Cursor> newest = cursors.stream()
                        .filter(cursor -> cursor.peek() != null)
                        .max(Comparator.comparing(Cursor::first, NEWEST));
                if (newest.isEmpty()) {
                    return events;
                }
                events.add(newest.get().take());
            }
            return events;
        }
    }

    /** Where one source has been read to. */
    private static final class Cursor {
        private final AuditSource source;
        private final Caller caller;
        private final AuditQuery query;
        private final int batch;
        private final Deque<AuditEvent> held = new ArrayDeque<>();
        private @Nullable AuditPosition place;
        private boolean over;

        Cursor(AuditSource source, Caller caller, AuditQuery query, int batch) {
            this.source = source;
            this.caller = caller;
            this.query = query;
            this.batch = batch;
            this.place = query.before();
        }

        @Nullable
        AuditEvent peek() {
            if (held.isEmpty() && !over) {
                List<AuditEvent> read = source.find(caller, query.from(place, batch));
                over = read.size() < batch;
                held.addAll(read);
            }
            return held.peek();
        }

        AuditEvent first() {
            return held.getFirst();
        }

        AuditEvent take() {
            AuditEvent event = held.removeFirst();
            place = event.position();
            return event;
        }
    }
}
