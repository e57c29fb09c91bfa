package io.campanile.kernel.cells;

/** Thrown by {@code dbutils.notebook().exit}; an Error, so that a cell's {@code catch (Exception e)} lets it pass. */
@SuppressWarnings("serial")
public final class ExitRequest extends Error {
    private final String value;

    public ExitRequest(String value) {
        super("The notebook ended itself", null, false, false);
        this.value = value;
    }

    public String value() {
        return value;
    }
}
