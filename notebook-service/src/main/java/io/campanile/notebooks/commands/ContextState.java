package io.campanile.notebooks.commands;

import java.util.Locale;

/** The life of a context. */
enum ContextState {
    /** Its node has not been heard of yet. */
    PENDING,
    RUNNING,
    ERROR,
    /** For nobody there any more; its runs are being forgotten. */
    DESTROYED;

    boolean open() {
        return this == PENDING || this == RUNNING;
    }

    /** The name in the database. */
    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ContextState of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }

    /** The word of the public API. */
    String shown() {
        return switch (this) {
            case PENDING -> "Pending";
            case RUNNING -> "Running";
            case ERROR, DESTROYED -> "Error";
        };
    }
}
