package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessRowTest {
    @Test
    void aRowFindsItsProcessAgainButNotAnotherWithItsPid() {
        ProcessRow own = ProcessRow.of("control-plane", ProcessHandle.current(), 8700);
        ProcessRow seenByAnother = new ProcessRow("control-plane", own.pid(), 8700, own.started() - 1000, null);
        ProcessRow reused = new ProcessRow("control-plane", own.pid(), 8700, own.started() - 5000, null);

        assertThat(own.alive()).contains(ProcessHandle.current());
        assertThat(seenByAnother.alive()).contains(ProcessHandle.current());
        assertThat(reused.alive()).isEmpty();
    }

    @Test
    void aProcessThatIsDyingIsWaitedForAndOneThatStaysIsNot() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        ProcessRow row = ProcessRow.of("control-plane", process.toHandle(), 8700);

        assertThat(UpCommand.ends(row, Duration.ofMillis(50))).isFalse();
        process.destroyForcibly();
        assertThat(UpCommand.ends(row, Duration.ofSeconds(20))).isTrue();
        assertThat(UpCommand.ends(row, Duration.ZERO)).isTrue();
    }

    @Test
    void aRowHasTheKeysThatScriptsReadAndIsReadBack() {
        ProcessRow row = new ProcessRow("agent", 7, null, 1000, "c-1");

        String json = Json.write(row);

        assertThat(json).isEqualTo("{\"role\":\"agent\",\"pid\":7,\"started\":1000,\"cluster_id\":\"c-1\"}");
        assertThat(Json.read(json, ProcessRow.class)).isEqualTo(row);
    }
}
