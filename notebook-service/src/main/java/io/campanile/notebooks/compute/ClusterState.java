package io.campanile.notebooks.compute;

/** The states of a cluster on the public wire. */
public enum ClusterState {
    PENDING("starting"),
    RUNNING("running"),
    RESTARTING("starting"),
    RESIZING("resizing"),
    TERMINATING("stopping"),
    TERMINATED("off"),
    ERROR("error");

    private final String shown;

    ClusterState(String shown) {
        this.shown = shown;
    }

    /** The word of the browser's compute state. */
    public String shown() {
        return shown;
    }

    /** Whether code may be sent to its driver. */
    public boolean takesWork() {
        return this == RUNNING || this == RESIZING;
    }

    /** Whether nothing of it runs and nothing will until it is started. */
    public boolean isDown() {
        return this == TERMINATED || this == ERROR;
    }
}
