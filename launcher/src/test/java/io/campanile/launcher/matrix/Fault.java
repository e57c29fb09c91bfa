package io.campanile.launcher.matrix;

/** A cell that is not as the table says, or a rule of all cells that does not hold. */
record Fault(String request, String who, String what) {
    @Override
    public String toString() {
        return request + " as " + who + ": " + what;
    }
}
