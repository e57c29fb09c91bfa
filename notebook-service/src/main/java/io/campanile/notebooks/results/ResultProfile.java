package io.campanile.notebooks.results;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The profile of a whole result, in two passes over its file. */
final class ResultProfile {
    private ResultProfile() {}

    static List<ColumnProfile> of(ArrowFile file, List<ResultColumn> columns) throws IOException {
        List<ColumnSummary> summaries = columns.stream().map(ColumnSummary::new).toList();
        List<Boolean> numbers = file.root().getFieldVectors().stream()
                .map(ColumnSummary::isNumber)
                .toList();
        for (int pass = 1; pass <= 2; pass++) {
            for (int batch = 0; batch < file.batches(); batch++) {
                VectorSchemaRoot loaded = file.load(batch);
                for (int column = 0; column < summaries.size(); column++) {
                    if (pass == 1 || numbers.get(column)) {
                        pass(pass, summaries.get(column), loaded.getVector(column), loaded.getRowCount());
                    }
                }
            }
        }
        return java.util.stream.IntStream.range(0, columns.size())
                .mapToObj(column -> summaries.get(column).profile(numbers.get(column)))
                .toList();
    }

    private static void pass(int pass, ColumnSummary summary, FieldVector vector, int rows) {
        for (int row = 0; row < rows; row++) {
            if (pass == 1) {
                summary.first(vector, row);
            } else {
                summary.second(vector, row);
            }
        }
    }
}
