package io.campanile.kernel.output;

import io.campanile.kernel.secrets.Redaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows as aligned plain text, and as an HTML table. */
public final class TextTable {
    private static final int MAX_CELL = 60;
    private final Redaction redaction;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** Cells are redacted before they are cut to fit: half a secret is one too. */
    public TextTable(List<String> columns, Redaction redaction) {
        this.redaction = redaction;
        this.columns = columns.stream().map(redaction::of).toList();
    }

    public void add(List<String> row) {
        rows.add(row.stream().map(redaction::of).toList());
    }

    public int size() {
        return rows.size();
    }

    public String text() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            int widest = rows.stream()
                    .mapToInt(row -> cut(row.get(column)).length())
                    .max()
                    .orElse(0);
            widths.add(Math.max(cut(columns.get(i)).length(), widest));
        }
        StringBuilder text = new StringBuilder();
        line(text, columns, widths);
        line(text, widths.stream().map("-"::repeat).toList(), Collections.nCopies(widths.size(), 0));
        rows.forEach(row -> line(text, row, widths));
        return text.toString().stripTrailing();
    }

    public String html() {
        StringBuilder html = new StringBuilder("<table><thead><tr>");
        columns.forEach(name -> html.append("<th>").append(escape(name)).append("</th>"));
        html.append("</tr></thead><tbody>");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
            html.append("</tr>");
        }
        return html.append("</tbody></table>").toString();
    }

    private static void line(StringBuilder text, List<String> cells, List<Integer> widths) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = widths.get(i) == 0 ? cells.get(i) : cut(cells.get(i));
            text.append(i == 0 ? "" : "  ").append(cell).append(" ".repeat(Math.max(0, widths.get(i) - cell.length())));
        }
        text.append('\n');
    }

    private static String cut(String cell) {
        String line = cell.replace('\n', ' ');
        return line.length() <= MAX_CELL ? line : line.substring(0, MAX_CELL - 1) + "…";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
