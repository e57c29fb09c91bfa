package io.campanile.notebooks.documents;

import io.campanile.notebooks.documents.HistoryEntry.Counts;
import io.campanile.notebooks.documents.HistoryEntry.Past;
import io.campanile.notebooks.documents.OpStore.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers operations, oldest first, into entries. What it makes of a log depends on the log alone, so that two that
 * gather at once agree.
 */
final class HistoryFold {
    /** Changes of one person with shorter pauses than this are one entry. */
    static final Duration PAUSE = Duration.ofMinutes(5);

    /** So many operations end an entry without a pause: what is not kept yet must stay cheap to gather again. */
    static final int LONGEST = 5_000;

    private final TreeMap<Long, Restored> restores = new TreeMap<>();
    private final List<HistoryEntry> closed = new ArrayList<>();
    private @Nullable Gathering open;

    HistoryFold(List<Restored> restores) {
        restores.forEach(restored -> this.restores.put(restored.after(), restored));
    }

    void add(Step step) {
        Map.Entry<Long, Restored> next = restores.ceilingEntry(step.revision());
        Restored part = next == null || next.getValue().before() >= step.revision() ? null : next.getValue();
        Gathering now = open;
        if (now == null || !now.goesOn(step, part)) {
            if (now != null) {
                closed.add(now.entry());
            }
            now = new Gathering(step, part);
            open = now;
        }
        now.add(step);
    }

    /** Entries that nothing can be added to any more. */
    List<HistoryEntry> closed() {
        return List.copyOf(closed);
    }

    /** The newest entry, which may still grow. */
    Optional<HistoryEntry> open() {
        return Optional.ofNullable(open).map(Gathering::entry);
    }

    private static final class Gathering {
        private final Step first;
        private final @Nullable Restored part;
        private final Map<String, Trace> cells = new HashMap<>();
        private Step last;
        private int operations;
        private boolean replaced;
        private boolean language;

        Gathering(Step first, @Nullable Restored part) {
            this.first = first;
            this.last = first;
            this.part = part;
        }

        boolean goesOn(Step step, @Nullable Restored of) {
            if (part != null || of != null) {
                return part != null && part.equals(of);
            }
            return operations < LONGEST
                    && step.actor().equals(first.actor())
                    && Duration.between(last.at(), step.at()).compareTo(PAUSE) < 0;
        }

        void add(Step step) {
            operations++;
            last = step;
            String cell = step.cellId();
            if (cell != null) {
                cells.computeIfAbsent(cell, any -> new Trace()).add(step.kind());
            } else {
                replaced |= step.kind().equals("replace");
                language |= step.kind().equals("language");
            }
        }

        HistoryEntry entry() {
            int[] counts = new int[Sum.values().length];
            cells.values().forEach(cell -> cell.sums().forEach(sum -> counts[sum.ordinal()]++));
            Instant since = first.at();
            return new HistoryEntry(
                    first.revision(),
                    last.revision(),
                    first.actor(),
                    since,
                    last.at(),
                    new Counts(
                            counts[Sum.ADDED.ordinal()],
                            counts[Sum.REMOVED.ordinal()],
                            counts[Sum.EDITED.ordinal()],
                            counts[Sum.MOVED.ordinal()],
                            counts[Sum.SETTINGS.ordinal()],
                            replaced,
                            language),
                    part == null ? null : new Past(part.revision(), part.revisionAt()));
        }
    }

    private enum Sum {
        ADDED,
        REMOVED,
        EDITED,
        MOVED,
        SETTINGS
    }

    /** What happened to one cell. A cell that came and went within an entry is not spoken of. */
    private static final class Trace {
        private boolean came;
        private boolean gone;
        private boolean edited;
        private boolean moved;
        private boolean set;

        void add(String kind) {
            switch (kind) {
                case "insert" -> came = true;
                case "restore" -> {
                    came |= !gone;
                    gone = false;
                }
                case "delete" -> gone = true;
                case "text" -> edited = true;
                case "move" -> moved = true;
                default -> set = true;
            }
        }

        List<Sum> sums() {
            if (came || gone) {
                return came && gone ? List.of() : List.of(came ? Sum.ADDED : Sum.REMOVED);
            }
            List<Sum> sums = new ArrayList<>();
            if (edited) {
                sums.add(Sum.EDITED);
            }
            if (moved) {
                sums.add(Sum.MOVED);
            }
            return sums.isEmpty() && set ? List.of(Sum.SETTINGS) : sums;
        }
    }
}
