package io.campanile.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows under headings, columns aligned. On a terminal it fits the width; into a pipe nothing is cut. */
public final class Table {
    private static final int GAP = 2;
    private static final int NARROWEST = 8;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public Table row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + headings.size() + " headings");
        }
        List<String> plain = new ArrayList<>(cells.length);
        for (String cell : cells) {
            plain.add(Text.plain(cell));
        }
        rows.add(plain);
        return this;
    }

    /** {@code columns} 0: as wide as it is; {@code quiet}: no headings. */
    public void print(PrintStream out, int columns, boolean quiet) {
        int[] widths = fit(widths(quiet), columns);
        if (!quiet) {
            out.println(line(headings, widths));
        }
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private int[] widths(boolean quiet) {
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            int widest = quiet ? 0 : Text.width(headings.get(column));
            for (List<String> row : rows) {
                widest = Math.max(widest, Text.width(row.get(column)));
            }
            widths[column] = widest;
        }
        return widths;
    }

    /** Takes columns from whichever is the widest until the line fits or all are narrow. */
    private static int[] fit(int[] widths, int columns) {
        int total = GAP * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        while (columns > 0 && total > columns) {
            int widest = 0;
            for (int column = 1; column < widths.length; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
            total--;
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = Text.cut(cells.get(column), widths[column]);
            line.append(cell);
            if (column < widths.length - 1) {
                line.append(" ".repeat(widths[column] - Text.width(cell) + GAP));
            }
        }
        return line.toString().stripTrailing();
    }
}
