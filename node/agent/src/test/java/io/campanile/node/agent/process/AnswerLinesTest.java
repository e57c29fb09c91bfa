package io.campanile.node.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.executor.SparkExecutor;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes whose standard output has lines that are no answers. */
final class AnswerLinesTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    /** As of a thread dump, a library that prints numbers, and a JVM. */
    private static final List<String> STRAY = List.of(
            "Full thread dump OpenJDK 64-Bit Server VM (17.0.9+9 mixed mode, sharing):",
            "",
            "\"main\" #1 prio=5",
            "17",
            "null",
            "[{\"port\":1}]",
            "{\"port\":",
            "OpenJDK 64-Bit Server VM warning: a warning");

    @TempDir
    Path folder;

    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void onlyObjectsAreAnswers() throws IOException {
        List<JsonNode> answers = new ArrayList<>();
        ChildProcess child = ChildProcess.startForAnswers(printing("{\"first\":1}", "{\"second\":2}"));

        child.input().close();
        AnswerLines.read(child, "child", answers::add);

        assertThat(answers).extracting(JsonNode::toString).containsExactly("{\"first\":1}", "{\"second\":2}");
    }

    @Test
    void aDriverIsHeardAfterALineThatIsNoAnswer() throws IOException {
        Driver driver = new Driver(loop, "token", () -> {});

        loop.execute(() -> driver.start(printing("{\"port\":7}", "{\"streams\":2}")));

        await().atMost(LONG).untilAsserted(() -> {
            assertThat(driver.port()).isEqualTo(7);
            assertThat(driver.streaming()).isTrue();
        });
        driver.end(Duration.ZERO);
    }

    @Test
    void anExecutorIsHeardAfterALineThatIsNoAnswer() throws IOException {
        SparkExecutor executor = new SparkExecutor(loop, () -> {});

        loop.execute(() -> executor.start(printing("{\"hide\":[\"canary-4711\"]}", "{\"ready\":true}")));

        await().atMost(LONG).until(() -> executor.state() == DriverState.READY);
        executor.end(Duration.ZERO);
    }

    /** Stray lines before each answer; it ends when its input does, as a process of Spark. */
    private ChildProcess.Command printing(String... answers) {
        StringBuilder script = new StringBuilder();
        for (String answer : answers) {
            STRAY.forEach(line -> script.append("echo '").append(line).append("'\n"));
            script.append("echo '").append(answer).append("'\n");
        }
        return new ChildProcess.Command(
                List.of("sh", "-c", script + "cat > /dev/null"), folder, Map.of(), folder.resolve("child.err"));
    }
}
