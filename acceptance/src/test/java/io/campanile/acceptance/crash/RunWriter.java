package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites a cell and runs it. Each run appends its number to a file, a witness outside of the platform for how often
 * and in which order cells were executed.
 */
final class RunWriter implements Writer {
    private static final int CELLS = 20;
    private static final int AHEAD = 5;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Person person;
    private final long notebook;
    private final Path witness;
    private final Patience patience;
    private final Line line;
    private final List<String> cells = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();
    private final List<Long> versions = new ArrayList<>();
    private final List<Long> runs = new ArrayList<>();
    private int ended;
    private int verified;

    RunWriter(Person person, long notebook, Path witness, Patience patience) {
        this.person = person;
        this.notebook = notebook;
        this.witness = witness;
        this.patience = patience;
        this.line = new Line(person, notebook, patience);
    }

    @Override
    public String name() {
        return "runs";
    }

    @Override
    public void write() throws Exception {
        int next = runs.size();
        int cell = next % CELLS;
        String source = source(next);
        if (cells.size() < CELLS) {
            cells.add(line.insert(cell, "JAVA", source));
            sources.add(source);
            versions.add(0L);
        } else {
            JsonNode ack = line.submit(EditWriter.replace(
                    cells.get(cell), versions.get(cell), 0, sources.get(cell).length(), source));
            sources.set(cell, source);
            versions.set(cell, ack.path("ver").asLong());
        }
        runs.add(line.run(cells.get(cell)));
        awaitEnds(runs.size() - AHEAD);
    }

    /** Runs count when the queue has acknowledged them; they are executed after that. */
    @Override
    public int acknowledged() {
        return runs.size();
    }

    @Override
    public void verify(boolean all) throws Exception {
        awaitEnds(runs.size());
        assertThat(Files.exists(witness) ? Files.readAllLines(witness) : List.of())
                .as("executed cells, from outside")
                .isEqualTo(numbers());
        for (int i = all ? 0 : verified; i < runs.size(); i++) {
            String path = "/api/campanile/v1/notebooks/" + notebook + "/runs/" + runs.get(i) + "/output.txt";
            String stored = patience.until("stored output", again -> person.text(path));
            assertThat(stored).as("output of run %s", i).isEqualTo("run " + i + "\n");
        }
        verified = runs.size();
        line.close();
    }

    @Override
    public void close() {
        line.close();
    }

    private void awaitEnds(int count) throws Exception {
        for (; ended < count; ended++) {
            JsonNode run = line.ended(runs.get(ended), LONGEST);
            assertThat(run.path("state").asText()).as("%s", run).isEqualTo("ok");
        }
    }

    private List<String> numbers() {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    private String source(int number) {
        return "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + witness + "\"), \"" + number
                + "\\n\", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);\n"
                + "System.out.println(\"run " + number + "\");";
    }
}
