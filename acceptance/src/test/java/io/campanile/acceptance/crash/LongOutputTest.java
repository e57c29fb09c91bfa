package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.OnOwnInstallation;
import io.campanile.acceptance.Person;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5: a cell that prints for the best part of a minute while everything but its node is killed, cut and brought back. */
@Tag("slow")
@OnOwnInstallation
final class LongOutputTest {
    private static final int LINES = Integer.getInteger("campanile.crash.lines", 20_000);

    @TempDir
    Path dataDir;

    private Installation installation;
    private Person person;
    private Path hurry;

    @BeforeEach
    void start() throws Exception {
        installation = Installation.start(dataDir);
        person = Person.signIn(installation);
        hurry = person.seenByCells(dataDir, "hurry");
    }

    @AfterEach
    void stop() throws Exception {
        installation.close();
    }

    @Test
    void everyLineIsThereOnceAndInOrderWhateverIsKilledMeanwhile() throws Exception {
        long notebook = person.newNotebook("/Shared/long");

        try (PrintingTab tab = PrintingTab.run(person, notebook, cell())) {
            tab.cut();
            kill("control-plane", tab);
            installation.up();
            tab.awaitMore();
            kill("postgres", tab);
            tab.awaitMore();
            kill("control-plane", tab);
            installation.up();
            tab.awaitMore();
            tab.cut();
            Files.createFile(hurry);
            JsonNode ended = tab.ended();

            assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("ok");
            String expected =
                    IntStream.range(0, LINES).mapToObj(LongOutputTest::line).collect(Collectors.joining());
            assertThat(tab.stored()).as("stored lines").isEqualTo(expected);
            assertThat(tab.printed()).as("lines of a tab that came back").isEqualTo(expected);
            assertThat(tab.returns()).as("times it came back").isGreaterThanOrEqualTo(4);
            System.out.printf(
                    "G5: %d lines over 3 kills -9 and %d new sockets: 0 lost, 0 twice, in order%n",
                    LINES, tab.returns());
        }
    }

    private void kill(String role, PrintingTab tab) throws Exception {
        assertThat(tab.running())
                .as("the cell still prints when %s is killed", role)
                .isTrue();
        assertThat(installation.kill(role)).as("killed %s", role).isEqualTo(1);
    }

    /**
     * Prints some 400 lines a second, of the last fifth ten, so that it prints still when a slow machine comes to the last
     * kill; and what is left then as fast as it can.
     */
    private String cell() {
        return "java.nio.file.Path hurry = java.nio.file.Path.of(\"" + hurry + "\");\n"
                + "for (int i = 0; i < " + LINES + "; i++) {\n"
                + "    System.out.println(\"line \" + i + \" of a cell that prints while others die\");\n"
                + "    boolean pause = i % 20 == 19 || i > " + LINES / 5 * 4 + ";\n"
                + "    if (pause && !java.nio.file.Files.exists(hurry)) Thread.sleep(i % 20 == 19 ? 50 : 100);\n"
                + "}";
    }

    private static String line(int number) {
        return "line " + number + " of a cell that prints while others die\n";
    }
}
