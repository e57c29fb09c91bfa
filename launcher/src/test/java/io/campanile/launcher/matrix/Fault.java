package io.campanile.launcher.matrix;

/** A cell that is not as the table says, or a rule of all cells that does not hold. */
record Fault(String request, String who, String what) {
    private static final String NOBODY = "nobody yet";

    /** A request that could not even be made. */
    static Fault unasked(String request, RuntimeException why) {
        return new Fault(request, NOBODY, "could not be asked: " + why);
    }

    /** Whether a rule is broken, and not only the test. */
    boolean isOfRules() {
        return !who.equals(NOBODY);
    }

    @Override
    public String toString() {
        return request + " as " + who + ": " + what;
    }
}
