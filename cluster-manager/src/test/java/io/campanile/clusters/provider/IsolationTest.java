package io.campanile.clusters.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which isolation is chosen, and what is said of it. */
final class IsolationTest {
    private static final String MISSING = "/no/such/bwrap";

    @TempDir
    Path dataDir;

    @Test
    void withoutBubblewrapClustersAreForOnePerson() {
        Isolation isolation = Isolation.choose(Isolation.AUTO, dataDir, List.of(), MISSING);
        isolation.note(dataDir);

        assertThat(isolation.isSandbox()).isFalse();
        assertThat(isolation.singleUser()).contains("single-user isolation", "apt-get install bubblewrap");
        assertThat(Isolation.noted(dataDir)).get().satisfies(note -> {
            assertThat(note.isolation()).isEqualTo("process");
            assertThat(note.says()).contains("Single-user isolation", MISSING, "apt-get install bubblewrap");
        });
        assertThat(dataDir.resolve("run/sandbox-probe")).doesNotExist();
    }

    @Test
    void whereASandboxIsAskedForNothingElseWillDo() {
        assertThatThrownBy(() -> Isolation.choose(Isolation.SANDBOX, dataDir, List.of(), MISSING))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("cluster-manager.isolation is sandbox")
                .hasMessageContaining(MISSING)
                .hasMessageContaining("apt-get install bubblewrap");
    }

    @Test
    void processesAreForEverybodyOnlyWhenSomebodySaidSo() {
        Isolation isolation = Isolation.choose(Isolation.PROCESS, dataDir, List.of(), MISSING);

        assertThat(isolation.isSandbox()).isFalse();
        assertThat(isolation.singleUser()).isNull();
        assertThat(isolation.says()).contains("cluster-manager.isolation = process", "reads what everybody has");
    }

    @Test
    void aSandboxIsFoundByTryingOne() {
        Isolation isolation = Bubblewrap.isolation(dataDir, List.of());

        assertThat(isolation.singleUser()).isNull();
        assertThat(isolation.says()).contains("sandbox");
        assertThat(dataDir.resolve("run/sandbox-probe")).doesNotExist();
        assertThat(dataDir.resolve("files")).doesNotExist();
    }
}
