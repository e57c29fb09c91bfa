package io.campanile.kernel.cells;

/** Ends a cell with an error for its author. */
@SuppressWarnings("serial")
public final class CellFailedException extends Exception {
    private final transient CellError error;

    public CellFailedException(CellError error) {
        super(error.message());
        this.error = error;
    }

    public CellError error() {
        return error;
    }
}
