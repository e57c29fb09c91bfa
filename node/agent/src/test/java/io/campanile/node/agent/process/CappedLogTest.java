package io.campanile.node.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CappedLogTest {
    @TempDir
    Path folder;

    @Test
    void whatIsHiddenIsInNeitherTheFileNorTheLastLines() throws IOException {
        String printed =
                "before\n" + "x".repeat(8185) + " canary-4711 é\nfirst line\nsecond line\nab\nno end canary-4711";
        CappedLog log = new CappedLog(folder.resolve("log"), List.of("canary-4711", "first line\nsecond line\nab"));

        log.pump(new ByteArrayInputStream(printed.getBytes(StandardCharsets.UTF_8)));
        log.close();

        assertThat(folder.resolve("log"))
                .hasContent(
                        "before\n" + "x".repeat(8185) + " [REDACTED] é\n[REDACTED]\n[REDACTED]\nab\nno end [REDACTED]");
        assertThat(log.lastLines(3)).containsExactly("[REDACTED]", "[REDACTED]", "ab");
    }

    @Test
    void whatBecomesSecretLaterIsHiddenFromThenOn() throws IOException {
        CappedLog log = new CappedLog(folder.resolve("log"));
        log.pump(new ByteArrayInputStream("canary-4711 is nothing yet\n".getBytes(StandardCharsets.UTF_8)));

        log.hide(List.of("canary-4711"));
        log.pump(new ByteArrayInputStream("now canary-4711 is\n".getBytes(StandardCharsets.UTF_8)));
        log.close();

        assertThat(folder.resolve("log")).hasContent("canary-4711 is nothing yet\nnow [REDACTED] is\n");
    }
}
