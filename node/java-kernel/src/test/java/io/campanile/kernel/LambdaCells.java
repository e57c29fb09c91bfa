package io.campanile.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.kernel.harness.CellResult;
import io.campanile.kernel.harness.KernelProcess;
import io.campanile.kernel.harness.SparkServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Runs the list of lambda cells: split by {@code //%%}, {@code //=} the text of the value, {@code //= ~} of the error. */
final class LambdaCells {
    private LambdaCells() {}

    static void check(Path directory, String master) throws IOException {
        List<String> failures = new ArrayList<>();
        int checks = 0;
        try (SparkServer spark = SparkServer.start(directory, master);
                KernelProcess kernel = KernelProcess.start(directory)) {
            kernel.attach(spark.url(), spark.token(), UUID.randomUUID().toString());
            for (String cell : cells()) {
                int mark = cell.indexOf("//=");
                String code = mark < 0 ? cell : cell.substring(0, mark);
                String expected = mark < 0 ? "" : cell.substring(mark + 3).strip();
                CellResult result = kernel.run(code);
                String actual = result.status().equals("ok") ? result.text() : "~" + result.errorMessage();
                boolean failure = expected.startsWith("~");
                boolean good = failure
                        ? actual.startsWith("~") && actual.contains(expected.substring(1))
                        : mark < 0 ? result.status().equals("ok") : actual.equals(expected);
                checks++;
                if (!good) {
                    failures.add(code.strip() + "\n  expected " + expected + "\n  was      " + actual);
                }
            }
        }
        assertThat(failures).as("failed of " + checks).isEmpty();
        System.out.println(checks + " of " + checks + " lambda cells pass on " + master);
    }

    private static List<String> cells() throws IOException {
        try (var in = Objects.requireNonNull(LambdaCells.class.getResourceAsStream("/lambda-cells.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.split("(?m)^//%%$"));
        }
    }
}
