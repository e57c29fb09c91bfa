package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.WorkMessage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node says that it is idle: clusters end by it. */
@Tag("slow")
final class IdlenessTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final Path DRIVER = Path.of("../driver/target/runtime/jars");
    private static final Path KERNEL = Path.of("../java-kernel/target/lib");
    private static final String SESSION = "6f1d2c3b-0000-4000-8000-000000000002";

    @TempDir
    Path folder;

    private FakeServices services;
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        Needs.packaged(DRIVER, KERNEL);
        services = new FakeServices(folder.resolve("services")).start();
        node = new TestNode(folder.resolve("node"), folder.resolve("services"))
                .withBuilt(DRIVER, KERNEL)
                .start();
        await().atMost(LONG)
                .until(() -> services.status().path("driver").asText().equals("READY"));
        services.control(TestNode.assignment(folder));
        await().atMost(LONG).until(services::working);
    }

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.close();
            services.close();
        }
    }

    @Test
    void aRunAndWhatWaitsForItKeepANodeBusy() {
        services.work(execute(1, "Thread.sleep(3000);"));
        services.work(execute(2, "1"));

        await().atMost(LONG).until(() -> !idle());
        finished(2);
        long ended = System.currentTimeMillis();
        await().atMost(LONG).until(this::idle);

        assertThat(services.status().path("idle_since").asLong()).isBetween(ended - 5_000, ended + 5_000);
    }

    @Test
    void aStreamingQueryKeepsANodeBusyUntilItStops() {
        services.work(execute(
                1,
                "var query = spark.readStream().format(\"rate\").load().writeStream().format(\"noop\").start();"
                        + "\nquery.isActive()"));
        finished(1);
        long ran = System.currentTimeMillis();
        // Nothing of the cell runs any more; what it began does.
        await().atMost(LONG).during(Duration.ofSeconds(5)).until(() -> !idle());

        services.work(execute(2, "query.stop();"));
        finished(2);
        await().atMost(LONG).until(this::idle);

        assertThat(services.status().path("idle_since").asLong()).isGreaterThan(ran);
    }

    private boolean idle() {
        return services.status().hasNonNull("idle_since");
    }

    private void finished(long runId) {
        await().atMost(LONG)
                .until(() -> services.records.stream()
                        .anyMatch(record ->
                                record.runId() == runId && record.kind().equals("finished")));
    }

    private static WorkMessage.Execute execute(long runId, String code) {
        return new WorkMessage.Execute(runId, "k1", SESSION, 77, "/Users/ann/n", "JAVA", code);
    }
}
