package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.agent.fake.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a driver does before anybody asks it to. */
@Tag("slow")
final class WarmUpOfDriversTest {
    @TempDir
    Path folder;

    @Test
    void aDriverWithoutExecutorsWarmsUpAndNothingWaitsForThem() throws Exception {
        try (TestCluster alone = TestCluster.start(folder, 0).awaitDriver()) {
            // A task would wait for an executor, and the warm-up for its task.
            await().atMost(Duration.ofSeconds(60)).until(() -> alone.driverLog().contains("Warmed up"));

            assertThat(alone.driver()
                            .status()
                            .path("load")
                            .path("pending_tasks")
                            .asInt(-1))
                    .isZero();
        }
    }
}
