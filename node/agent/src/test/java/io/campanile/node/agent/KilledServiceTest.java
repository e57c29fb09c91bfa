package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both services as a process that is killed and started again at another address while a cell prints. */
@Tag("slow")
final class KilledServiceTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final int LINES = 20_000;

    @TempDir
    Path folder;

    @Test
    void everyLineArrivesOnceAndInOrder() throws Exception {
        Needs.python();
        Path journal = folder.resolve("services");
        Process services = startServices(1);
        try (TestNode node = new TestNode(folder.resolve("node"), journal)
                .withPython()
                .withFakeDriver()
                .start()) {
            awaitEvent(1, "control {\"t\":\"hello\"");
            tell(services, "control " + NodeJson.write(TestNode.assignment(folder)));
            awaitEvent(1, "work {\"t\":\"hello\"");
            String code = "import sys,time\nfor i in range(" + LINES + "):\n  print(i)\n"
                    + "  if i % 50 == 0: sys.stdout.flush(); time.sleep(0.01)";
            tell(services, "work " + NodeJson.write(new WorkMessage.Execute(1, "k1", "s", 7, "/n", "PYTHON", code)));

            for (int round = 2; round <= 4; round++) {
                int seen = FakeServices.journal(journal).size();
                await().atMost(LONG).until(() -> FakeServices.journal(journal).size() > seen + 5);
                services.destroyForcibly().waitFor();
                services = startServices(round);
            }
            await().atMost(LONG)
                    .until(() -> FakeServices.journal(journal).stream()
                            .anyMatch(record -> record.kind().equals("finished")));

            List<WorkMessage.Record> records = FakeServices.journal(journal);
            assertThat(records)
                    .extracting(WorkMessage.Record::seq)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, records.size()).boxed().toList());
            assertThat(records.stream()
                            .filter(record -> record.kind().equals("stream"))
                            .map(record -> record.data().path("text").asText())
                            .collect(Collectors.joining()))
                    .isEqualTo(IntStream.range(0, LINES).mapToObj(i -> i + "\n").collect(Collectors.joining()));
        } finally {
            services.destroyForcibly();
        }
    }

    private Process startServices(int round) throws IOException {
        Path events = folder.resolve("events-" + round);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeServices.class.getName(),
                        folder.resolve("services").toString())
                .redirectErrorStream(true)
                .redirectOutput(events.toFile())
                .start();
        awaitEvent(round, "started");
        return process;
    }

    private void awaitEvent(int round, String beginning) {
        Path events = folder.resolve("events-" + round);
        await().atMost(LONG)
                .until(() -> Files.exists(events)
                        && Files.readAllLines(events).stream().anyMatch(line -> line.startsWith(beginning)));
    }

    private static void tell(Process services, String line) throws IOException {
        services.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        services.getOutputStream().flush();
    }
}
