package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.agent.fake.TestCluster;
import io.campanile.node.agent.fake.TestCluster.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No executor outlives its agent or its driver. */
@Tag("slow")
final class EndsOfWorkersTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    @Test
    void executorsEndWithTheirAgentAndWithTheirDriver() throws Exception {
        try (TestCluster small = TestCluster.start(folder, 0).awaitDriver()) {
            List<Member> two = small.workers(2);
            ProcessHandle orphan = ProcessHandle.of(two.get(0).pid("executor")).orElseThrow();
            small.join(two.get(1));

            two.get(0).node().process().destroyForcibly().waitFor();
            await().atMost(LONG).until(() -> !orphan.isAlive());
            await().atMost(LONG).until(() -> small.executor(two.get(0)).isMissingNode());
            two.get(0).node().start();
            two.get(0).awaitState("FAILED");
            assertThat(two.get(1).state()).isEqualTo("READY");
            ProcessHandle.of(small.driver().pid("driver")).orElseThrow().destroyForcibly();

            two.get(1).awaitState("FAILED");
            assertThat(two.get(1).status().path("driver_message").asText()).contains("disassociated");
            small.driver().awaitState("FAILED");
            assertThat(small.driver().status().has("scheduler")).isFalse();
        }
    }
}
