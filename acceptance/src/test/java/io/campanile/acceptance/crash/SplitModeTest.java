package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.OnOwnInstallation;
import io.campanile.acceptance.Person;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --processes split}: each service dies alone, and comes back by itself. */
@Tag("slow")
@OnOwnInstallation
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SplitModeTest {
    private static final List<String> SERVICES =
            List.of("gateway", "notebook-service", "workspace", "identity", "cluster-manager");
    private static final Duration COLD = Duration.ofMinutes(3);
    private static final Duration BACK = Duration.ofSeconds(60);

    @TempDir
    static Path dataDir;

    private static Installation installation;
    private static Person person;
    private static long notebook;
    private static Path enough;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(dataDir, "--processes", "split");
        person = Person.signIn(installation);
        enough = person.seenByCells(dataDir, "enough");
        notebook = person.newNotebook("/Shared/split");
    }

    @AfterAll
    static void stop() throws Exception {
        installation.close();
    }

    @Test
    @Order(1)
    void everyRoleHasAProcessOfItsOwnThatIsReady() throws Exception {
        Map<String, Long> pids = pids();

        assertThat(pids.keySet())
                .containsAll(SERVICES)
                .contains("launcher", "postgres")
                .doesNotContain("control-plane");
        assertThat(pids.values()).doesNotHaveDuplicates();
        for (String service : SERVICES) {
            assertThat(ready(service)).as("%s is ready", service).isTrue();
        }
    }

    @Test
    @Order(2)
    void javaAndSqlCellsRun() throws Exception {
        try (NotebookSocket socket = person.open(notebook)) {
            long java = socket.run(socket.insertCell("JAVA", "spark.range(8).count() * 6"));
            long sql = socket.run(socket.insertCell("SQL", "select count(*) as n from samples.flights"));

            assertThat(socket.ended(java, COLD).path("state").asText()).isEqualTo("ok");
            assertThat(socket.outputs(java).toString()).contains("48");
            assertThat(socket.ended(sql, COLD).path("state").asText()).isEqualTo("ok");
            assertThat(socket.outputs(sql).toString()).contains("result_id");
        }
    }

    @Test
    @Order(3)
    void eachServiceComesBackByItselfWhileACellPrints() throws Exception {
        try (PrintingTab tab = PrintingTab.run(person, notebook, cell())) {
            for (String service : SERVICES) {
                kill(service, tab);
                awaitBack(service);
                tab.awaitMore();
            }
            Map<String, Long> before = pids();
            kill("launcher", tab);
            kill("workspace", tab);
            installation.up();
            Map<String, Long> after = pids();

            assertThat(after).as("all roles").containsOnlyKeys(before.keySet());
            before.forEach((role, pid) -> {
                boolean killed = role.equals("launcher") || role.equals("workspace");
                assertThat(pid.equals(after.get(role)))
                        .as("%s was adopted", role)
                        .isEqualTo(!killed);
            });
            tab.awaitMore();
            Files.createFile(enough);
            JsonNode ended = tab.ended();
            assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("ok");
            String stored = tab.stored();
            long lines = stored.lines().count() - 1;
            String expected =
                    LongStream.range(0, lines).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining())
                            + "end\n";
            assertThat(stored).isEqualTo(expected);
            assertThat(tab.printed()).isEqualTo(expected);
        }
        for (String service : SERVICES) {
            assertThat(ready(service)).as("%s is ready", service).isTrue();
        }
    }

    private static void kill(String role, PrintingTab tab) throws Exception {
        assertThat(tab.running())
                .as("the cell still prints when %s is killed", role)
                .isTrue();
        assertThat(installation.kill(role)).as("killed %s", role).isEqualTo(1);
    }

    /** Started again by the launcher, and the installation as a whole is ready. */
    private static void awaitBack(String service) {
        await(service)
                .atMost(BACK)
                .ignoreExceptions()
                .until(() -> installation.processes(service).size() == 1 && ready(service) && ready("gateway"));
    }

    /** Of the gateway this answers for every service behind it. */
    private static boolean ready(String service) throws Exception {
        JsonNode endpoints =
                Installation.JSON.readTree(dataDir.resolve("run/endpoints.json").toFile());
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(endpoints.path(service).asText() + "/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    /** The living processes of the control plane by role. */
    private static Map<String, Long> pids() throws Exception {
        Map<String, Long> pids = new TreeMap<>();
        for (String role : List.of("launcher", "postgres", "control-plane")) {
            installation.processes(role).forEach(process -> pids.put(role, process.pid()));
        }
        for (String role : SERVICES) {
            installation.processes(role).forEach(process -> pids.put(role, process.pid()));
        }
        return pids;
    }

    private static String cell() {
        return "int i = 0;\n"
                + "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + enough + "\"))) {\n"
                + "    System.out.println(\"line \" + i);\n"
                + "    if (i++ % 20 == 19) Thread.sleep(50);\n"
                + "}\n"
                + "System.out.println(\"end\");";
    }

    /** The cell prints until this file is there. */}
