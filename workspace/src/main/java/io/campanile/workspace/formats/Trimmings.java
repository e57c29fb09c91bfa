package io.campanile.workspace.formats;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file had that documents have no place for. Kept beside the notebook, so that an export gives it back; what no
 * longer fits the notebook is left out then.
 *
 * @param lines how the lines of a SOURCE file ended, and the file itself; null for other files, and the usual way
 * @param metadata of an .ipynb file
 * @param cells of an .ipynb file, by the id of their cell
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Trimmings(@Nullable Lines lines, @Nullable JsonNode metadata, Map<String, CellTrimmings> cells) {
    public static final Trimmings NONE = new Trimmings(null, null, Map.of());

    public Trimmings {
        cells = cells == null ? Map.of() : Map.copyOf(cells);
    }

    /** Whether there is nothing to keep. */
    public boolean none() {
        return lines == null && metadata == null && cells.isEmpty();
    }

    /** The ends of a text file. */
    public record Lines(boolean mark, boolean returns, boolean open) {
        private static final char MARK = '\uFEFF';

        /** Null for a file with plain line ends, one of them at its end, and no mark: most are. */
        public static @Nullable Lines of(String text) {
            boolean mark = !text.isEmpty() && text.charAt(0) == MARK;
            boolean returns = text.contains("\r\n")
                    && text.replace("\r\n", "").indexOf('\n') < 0
                    && text.replace("\r\n", "").indexOf('\r') < 0;
            boolean open = !text.isEmpty() && !text.endsWith("\n") && !text.endsWith("\r");
            return mark || returns || open ? new Lines(mark, returns, open) : null;
        }

        /** A text with plain line ends the way this file had them. */
        public String applied(String text) {
            String ended = open && text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            String returned = returns ? ended.replace("\n", "\r\n") : ended;
            return mark ? MARK + returned : returned;
        }
    }

    /**
     * Of one cell of an .ipynb file.
     *
     * @param raw whether it was a raw cell, which documents keep as text
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record CellTrimmings(
            @Nullable JsonNode metadata, @Nullable JsonNode attachments, boolean raw) {
        boolean none() {
            return metadata == null && attachments == null && !raw;
        }
    }
}
