package io.campanile.kernel.cells;

/** Stands in cell classes where the code would end the process. */
public final class ExitGuard {
    private ExitGuard() {}

    /** In the place of {@code System.exit}. */
    public static void exit(int status) {
        throw new ExitRefused(status);
    }

    /** In the place of {@code Runtime.exit} and {@code Runtime.halt}. */
    public static void exit(Runtime runtime, int status) {
        throw new ExitRefused(status);
    }

    /** What the cell sees. */
    @SuppressWarnings("serial")
    public static final class ExitRefused extends SecurityException {
        ExitRefused(int status) {
            super("System.exit(" + status
                    + ") is refused in a notebook; end it with dbutils.notebook().exit(\"value\")");
        }
    }
}
