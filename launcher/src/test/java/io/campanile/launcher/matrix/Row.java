package io.campanile.launcher.matrix;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table: a request, and what each identity is answered.
 *
 * @param statuses without those the line has a dash for
 */
record Row(int line, String method, String path, String action, String request, Map<Identity, Integer> statuses) {
    Row {
        statuses = Map.copyOf(statuses);
    }

    /** The route of the dump that this is a request of. */
    String route() {
        return method + " " + path;
    }

    /** The body, or the frame of a socket. */
    @Nullable
    String body() {
        int end = request.indexOf(' ');
        return end < 0 ? null : request.substring(end + 1);
    }

    @Override
    public String toString() {
        return "line " + line + " " + method + " " + request;
    }

    static Row parse(int line, String text) {
        String[] cells = text.split("\t+", -1);
        if (cells.length != 4 + Identity.values().length) {
            throw new IllegalArgumentException("Line " + line + " has " + cells.length + " cells: " + text);
        }
        Map<Identity, Integer> statuses = new EnumMap<>(Identity.class);
        int column = 4;
        for (Identity identity : Identity.values()) {
            String cell = cells[column].strip();
            column++;
            if (!cell.equals("-")) {
                statuses.put(identity, Integer.parseInt(cell));
            }
        }
        return new Row(line, cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip(), statuses);
    }
}
