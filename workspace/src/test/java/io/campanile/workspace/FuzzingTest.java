package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.testing.Fuzzing;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The fuzzing stage of {@code ./campanile test}: every harness of this module under Jazzer, for its time. */
@Tag("slow")
final class FuzzingTest {
    @Test
    @EnabledIfSystemProperty(
            named = Fuzzing.SECONDS,
            matches = "[1-9]\\d*",
            disabledReason =
                    "./campanile test fuzzes, as does -D" + Fuzzing.SECONDS + "=60; harnesses run on their seeds")
    void noHarnessFindsAnything() throws Exception {
        Path target = Path.of("target").toAbsolutePath();

        assertThat(new Fuzzing(target.resolve("test-classes"), target.resolve("fuzz")).run())
                .isEmpty();
    }
}
