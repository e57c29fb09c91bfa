package io.campanile.kernel.cells;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a cell failed, in the words and the place the author of the cell knows. */
public record CellError(
        String name,
        String message,
        Kind kind,
        @Nullable Integer line,
        @Nullable Integer column,
        List<Frame> frames,
        List<String> details) {

    public CellError {
        frames = List.copyOf(frames);
        details = List.copyOf(details);
    }

    /** What sort of failure it was; the wire has the lower-case name. */
    public enum Kind {
        COMPILE,
        RUNTIME,
        SPARK,
        INTERRUPTED,
        CAPTURE
    }

    /** One line of the trace; {@code line} only where it lies in the failed cell; library frames are shown folded. */
    public record Frame(String text, @Nullable Integer line, boolean library) {}

    public static CellError interrupted() {
        return new CellError(
                "Interrupted", "The cell was interrupted", Kind.INTERRUPTED, null, null, List.of(), List.of());
    }

    public static CellError of(String name, String message, Kind kind) {
        return new CellError(name, message, kind, null, null, List.of(), List.of());
    }

    public CellError at(@Nullable Integer newLine, @Nullable Integer newColumn) {
        return new CellError(name, message, kind, newLine, newColumn, frames, details);
    }
}
