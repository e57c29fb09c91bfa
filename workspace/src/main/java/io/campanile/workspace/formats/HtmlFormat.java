package io.campanile.workspace.formats;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** The HTML format: one page without scripts or foreign parts. Everything of the notebook is escaped text. */
public final class HtmlFormat {
    private static final Set<String> PICTURES = Set.of("image/png", "image/jpeg", "image/gif");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=]+");
    private static final Pattern COLOURS = Pattern.compile("\u001B\\[[0-9;]*m");
    private static final String STYLE = """
            body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1c1a}
            section{margin:0 0 1.25rem}
            pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/20px ui-monospace,monospace}
            .code{background:#f5f3ef;border-left:3px solid #3b5b8c;padding:.6rem .8rem}
            .text{font:inherit}
            .output{padding:.4rem .8rem}
            .error{color:#9c2a1c}
            h2{font-size:1rem;margin:0 0 .25rem}
            small{color:#6b675f}
            img{max-width:100%}
            """;

    private HtmlFormat() {}

    /** Writes the page. */
    public static byte[] write(Notebook notebook, String name) {
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
                .append("style-src 'unsafe-inline'; img-src data:\"><title>")
                .append(escaped(name))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>")
                .append(escaped(name))
                .append("</h1>\n");
        for (Cell cell : notebook.cells()) {
            boolean code = cell.type() == CellType.CODE;
            page.append("<section>");
            if (cell.title() != null) {
                page.append("<h2>").append(escaped(cell.title())).append("</h2>");
            }
            if (code && cell.language() != notebook.language()) {
                page.append("<small>").append(cell.language().magic()).append("</small>");
            }
            page.append(code ? "<pre class=\"code\">" : "<pre class=\"text\">")
                    .append(escaped(cell.source()))
                    .append("</pre>");
            cell.outputs().forEach(output -> append(page, output));
            page.append("</section>\n");
        }
        return page.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder page, JsonNode output) {
        switch (output.path("output_type").asText()) {
            case "stream" -> pre(page, "output", JupyterText.joined(output.path("text")));
            case "error" ->
                pre(
                        page,
                        "output error",
                        output.path("ename").asText() + ": "
                                + output.path("evalue").asText());
            default -> {
                JsonNode data = output.path("data");
                for (String mimeType : PICTURES) {
                    String picture = JupyterText.joined(data.path(mimeType)).replaceAll("\\s", "");
                    if (BASE64.matcher(picture).matches()) {
                        page.append("<div class=\"output\"><img alt=\"Output\" src=\"data:")
                                .append(mimeType)
                                .append(";base64,")
                                .append(picture)
                                .append("\"></div>");
                        return;
                    }
                }
                pre(page, "output", JupyterText.joined(data.path("text/plain")));
            }
        }
    }

    private static void pre(StringBuilder page, String style, String text) {
        if (!text.isEmpty()) {
            page.append("<pre class=\"")
                    .append(style)
                    .append("\">")
                    .append(escaped(COLOURS.matcher(text).replaceAll("")))
                    .append("</pre>");
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
