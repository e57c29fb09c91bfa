package io.campanile.notebooks.nodes;

import java.util.Map;

/** A node left a record out: its stream is closed so that it sends everything unacknowledged again. */
public final class RecordGapException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Map<Long, Long> stored;

    public RecordGapException(long runId, long expected, long got, Map<Long, Long> stored) {
        super("Run " + runId + " has record " + got + " where " + expected + " was due");
        this.stored = Map.copyOf(stored);
    }

    /** What was stored before the gap and may be acknowledged. */
    public Map<Long, Long> stored() {
        return stored;
    }
}
