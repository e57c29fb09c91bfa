package io.campanile.notebooks.runs;

import java.util.List;
import java.util.Locale;

/** The life of a run; the last four are ends. */
public enum RunState {
    QUEUED,
    /** Waits for compute, or was handed to a node that has not begun it. */
    STARTING,
    RUNNING,
    OK,
    ERROR,
    CANCELED,
    LOST;

    static final List<String> ACTIVE = List.of("queued", "starting", "running");

    public boolean ended() {
        return compareTo(OK) >= 0;
    }

    /** The name on the wire and in the database. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
