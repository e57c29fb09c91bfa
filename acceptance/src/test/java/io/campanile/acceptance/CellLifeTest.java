package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The one vertical line: gateway, queue, kernel on the person's own cluster, and outputs that cannot be lost. */
@Tag("slow")
@OnOwnInstallation
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CellLifeTest {
    private static final Duration COLD = Duration.ofMinutes(3);
    private static final Duration WARM = Duration.ofSeconds(60);

    @TempDir
    static Path dataDir;

    private static Installation installation;
    private static Person person;
    private static long notebook;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(dataDir);
        person = Person.signIn(installation);
        notebook = person.newNotebook("/Shared/cells");
    }

    @AfterAll
    static void stop() throws Exception {
        installation.close();
    }

    @Test
    @Order(1)
    void aJavaCellStartsTheClusterAndComputesOnSpark() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            String cell = socket.insertCell("JAVA", "int factor = 6;\nspark.range(8).count() * factor");

            JsonNode run = socket.ended(socket.run(cell), COLD);

            assertThat(run.path("state").asText()).as("%s", run).isEqualTo("ok");
            assertThat(textOf(socket, run)).contains("48");
        }
    }

    @Test
    @Order(2)
    void sqlAndJavaShareOneSessionAndTheSamplesAreThere() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            String view = socket.insertCell(
                    "SQL", "create or replace temp view late as select * from samples.flights where delay > 60");
            String count = socket.insertCell("JAVA", "spark.table(\"late\").count()");
            String grid =
                    socket.insertCell("SQL", "select origin, count(*) as n from late group by origin order by n desc");

            assertThat(socket.ended(socket.run(view), WARM).path("state").asText())
                    .isEqualTo("ok");
            JsonNode counted = socket.ended(socket.run(count), WARM);
            JsonNode shown = socket.ended(socket.run(grid), WARM);

            assertThat(Long.parseLong(textOf(socket, counted).strip())).isPositive();
            JsonNode result = resultOf(socket, shown);
            assertThat(result.path("columns").path(0).path("name").asText()).isEqualTo("origin");
            JsonNode rows = person.get("/api/campanile/v1/results/"
                    + result.path("result_id").asText() + "/rows?offset=0&limit=3&sort=n:desc");
            assertThat(rows.path("rows")).hasSize(3);
        }
    }

    @Test
    @Order(3)
    void anErrorSaysWhatIsWrongAndWhere() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            String cell = socket.insertCell("JAVA", "int ok = 1;\nint broken = \"text\";");

            JsonNode run = socket.ended(socket.run(cell), WARM);

            assertThat(run.path("state").asText()).isEqualTo("error");
            JsonNode error = socket.outputs(run.path("run_id").asLong()).stream()
                    .filter(output -> output.path("kind").asText().equals("error"))
                    .findFirst()
                    .orElseThrow();
            assertThat(error.path("campanile").path("cell_line").asInt()).isEqualTo(2);
        }
    }

    @Test
    @Order(4)
    void aRunawayLoopStopsOnCancelAndTheVariablesStay() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            long before = socket.run(socket.insertCell("JAVA", "int kept = 41;"));
            assertThat(socket.ended(before, WARM).path("state").asText()).isEqualTo("ok");
            long loop = socket.run(socket.insertCell("JAVA", "while (true) { }"));
            socket.awaitRun(loop, "running"::equals, WARM);

            socket.cancel(loop);

            assertThat(socket.ended(loop, Duration.ofSeconds(10)).path("state").asText())
                    .isEqualTo("canceled");
            JsonNode after = socket.ended(socket.run(socket.insertCell("JAVA", "kept + 1")), WARM);
            assertThat(textOf(socket, after)).contains("42");
        }
    }

    @Test
    @Order(5)
    void everyLineIsThereOnceAndInOrderWhenTheControlPlaneIsKilledInTheMiddle() throws Exception {
        long run;
        try (NotebookSocket socket = person.open(notebook)) {
            String cell = socket.insertCell(
                    "JAVA",
                    "for (int i = 0; i < 3000; i++) { System.out.println(\"line \" + i); if (i % 10 == 0) Thread.sleep(25); }");
            run = socket.run(cell);
            socket.await(frame -> frame.path("t").asText().equals("outputs"), WARM);
        }

        assertThat(installation.kill("control-plane")).isEqualTo(1);
        installation.up();

        person = Person.signIn(installation);
        try (NotebookSocket socket = person.open(notebook)) {
            JsonNode ended = socket.ended(run, Duration.ofMinutes(2));
            assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("ok");
        }
        try (NotebookSocket socket = person.open(notebook)) {
            String expected =
                    IntStream.range(0, 3000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
            assertThat(socket.printed(run)).isEqualTo(expected);
        }
    }

    @Test
    @Order(6)
    void theDatabaseIsKilledInTheMiddleAndNothingIsLost() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            String cell = socket.insertCell(
                    "JAVA",
                    "for (int i = 0; i < 1500; i++) { System.out.println(\"row \" + i); if (i % 10 == 0) Thread.sleep(25); }");
            long run = socket.run(cell);
            socket.await(
                    frame -> frame.path("t").asText().equals("outputs")
                            && frame.path("run_id").asLong() == run,
                    WARM);

            assertThat(installation.kill("postgres")).isEqualTo(1);

            assertThat(socket.ended(run, Duration.ofMinutes(2)).path("state").asText())
                    .isEqualTo("ok");
            String expected =
                    IntStream.range(0, 1500).mapToObj(i -> "row " + i + "\n").collect(Collectors.joining());
            assertThat(socket.printed(run)).isEqualTo(expected);
        }
    }

    @Test
    @Order(7)
    void aKilledKernelIsSaidAndTheNextCellRuns() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            long run = socket.run(socket.insertCell("JAVA", "Thread.sleep(60_000);"));
            socket.awaitRun(run, "running"::equals, WARM);

            assertThat(installation.kill("kernel")).isPositive();

            JsonNode ended = socket.ended(run, Duration.ofSeconds(30));
            assertThat(ended.path("state").asText()).isIn("error", "lost");
            assertThat(ended.path("message").asText()).isNotBlank();
            JsonNode next = socket.ended(socket.run(socket.insertCell("JAVA", "1 + 1")), WARM);
            assertThat(textOf(socket, next)).contains("2");
        }
    }

    @Test
    @Order(8)
    void aKilledDriverIsSeenWithinThirtySecondsAndTheNextRunGetsANewOne() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            long run = socket.run(socket.insertCell("JAVA", "Thread.sleep(90_000);"));
            socket.awaitRun(run, "running"::equals, WARM);

            assertThat(installation.kill("driver")).isPositive();

            JsonNode ended = socket.ended(run, Duration.ofSeconds(30));
            assertThat(ended.path("state").asText()).isIn("error", "lost");
            assertThat(ended.path("message").asText()).isNotBlank();
            JsonNode next = socket.ended(socket.run(socket.insertCell("JAVA", "spark.range(3).count()")), COLD);
            assertThat(textOf(socket, next)).contains("3");
        }
    }

    private static String textOf(NotebookSocket socket, JsonNode run) {
        assertThat(run.path("state").asText())
                .as("%s %s", run, socket.outputs(run.path("run_id").asLong()))
                .isEqualTo("ok");
        return socket.outputs(run.path("run_id").asLong()).stream()
                .map(output -> output.path("data").path("text/plain").asText(""))
                .collect(Collectors.joining());
    }

    private static JsonNode resultOf(NotebookSocket socket, JsonNode run) {
        return socket.outputs(run.path("run_id").asLong()).stream()
                .map(output -> output.path("data").path("application/vnd.campanile.result.v1+json"))
                .filter(result -> !result.isMissingNode())
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "No result in " + socket.outputs(run.path("run_id").asLong())));
    }
}
