package io.campanile.notebooks.results;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** A whole result as a CSV file (RFC 4180): null is nothing, an empty text is a pair of quotes. */
final class ResultCsv {
    private ResultCsv() {}

    static void write(ArrowFile file, List<ResultColumn> columns, Path target) throws IOException {
        try (Writer out = Files.newBufferedWriter(target, StandardCharsets.UTF_8)) {
            for (int column = 0; column < columns.size(); column++) {
                out.write(column == 0 ? "" : ",");
                out.write(quoted(columns.get(column).name()));
            }
            out.write("\r\n");
            for (int batch = 0; batch < file.batches(); batch++) {
                VectorSchemaRoot loaded = file.load(batch);
                for (int row = 0; row < loaded.getRowCount(); row++) {
                    for (int column = 0; column < columns.size(); column++) {
                        out.write(column == 0 ? "" : ",");
                        out.write(quoted(Cells.text(loaded.getVector(column), row)));
                    }
                    out.write("\r\n");
                }
            }
        }
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean plain = !text.isEmpty()
                && text.chars()
                        .noneMatch(character ->
                                character == ',' || character == '"' || character == '\n' || character == '\r');
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
