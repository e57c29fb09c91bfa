package io.campanile.kernel.cells;

/** The text of a cell, with positions counted from 1 as an editor shows them. */
public record CellSource(int cell, String text) {

    public Position position(int offset) {
        int end = Math.max(0, Math.min(offset, text.length()));
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Position(line, end - lineStart + 1);
    }

    /** A place in the cell. */
    public record Position(int line, int column) {}
}
