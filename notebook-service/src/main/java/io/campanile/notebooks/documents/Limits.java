package io.campanile.notebooks.documents;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Set;
import java.util.regex.Pattern;

/** What a notebook may hold. */
final class Limits {
    static final int CELL_BYTES = 6 * 1024 * 1024;
    /** Live and deleted ones together: a deleted cell can be restored. */
    static final int CELLS = 10_000;
    /** Deleted cells count here: each costs a row and memory. */
    static final int ALL_CELLS = 5 * CELLS;
    /** UTF-16 units of all cells: what one notebook may cost in memory. */
    static final long NOTEBOOK_UNITS = 48L * 1024 * 1024;

    static final int META_KEYS = 64;
    static final int META_CHARS = 256 * 1024;
    static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    static final Set<String> CELL_LANGUAGES = Set.of("JAVA", "SQL", "MARKDOWN", "SCALA", "PYTHON", "R");
    static final Set<String> NOTEBOOK_LANGUAGES = Set.of("JAVA", "SQL", "SCALA", "PYTHON", "R");

    private Limits() {}

    static void requireCells(int cells) {
        if (cells > CELLS) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED, "Field cells: a notebook has at most " + CELLS + " cells");
        }
    }

    static void requireUnits(long units) {
        if (units > NOTEBOOK_UNITS) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "Field cells: the cells of a notebook have at most " + NOTEBOOK_UNITS + " characters in all");
        }
    }

    /** Whether a text is within the limit of a cell, in UTF-8. */
    static boolean fitsCell(String text) {
        if (text.length() * 3L <= CELL_BYTES) {
            return true;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes <= CELL_BYTES;
    }
}
