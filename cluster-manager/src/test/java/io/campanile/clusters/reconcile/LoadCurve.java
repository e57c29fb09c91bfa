package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a cluster is asked to do and when: stages of equal tasks, from a file of the test's resources. */
record LoadCurve(String name, List<Stage> stages) {
    /** {@code tasks} tasks that take so long each; milliseconds. */
    record Stage(long at, int tasks, long taskMillis) {}

    static LoadCurve read(String name) {
        try (InputStream file =
                requireNonNull(LoadCurve.class.getResourceAsStream("/scaling/" + name + ".tsv"), name)) {
            List<Stage> stages = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\t"))
                    .map(parts -> new Stage(millis(parts[0]), Integer.parseInt(parts[1]), millis(parts[2])))
                    .toList();
            return new LoadCurve(name, stages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millis(String seconds) {
        return Math.round(Double.parseDouble(seconds) * 1000);
    }
}
