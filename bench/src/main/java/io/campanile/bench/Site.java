package io.campanile.bench;

import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Where a notebook page has its parts; {@code editor} is the text of the cell that is edited. */
record Site(String cell, String selected, String source, String editor, String output) {
    static final Site CAMPANILE = new Site(
            "[data-testid=cell]",
            "[data-testid=cell][data-mode]",
            "[data-testid=cell][data-cell-type=code] [data-part=source]",
            ".cm-content",
            "[data-testid=cell-output]");
    static final Site CLASSIC = new Site(
            "#notebook-container .cell",
            "#notebook-container .cell.selected",
            "#notebook-container .code_cell .CodeMirror-lines",
            "#notebook-container .cell.selected .CodeMirror-code",
            ".output_subarea");

    /** The probe for this page. */
    String probe() throws IOException {
        try (InputStream probe = Site.class.getResourceAsStream("probe.js")) {
            if (probe == null) {
                throw new IOException("probe.js is not on the class path");
            }
            return "(() => { const SITE = " + Installation.JSON.writeValueAsString(this) + ";\n"
                    + new String(probe.readAllBytes(), StandardCharsets.UTF_8) + "})();";
        }
    }
}
