package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PagePortTest {
    @TempDir
    Path folder;

    @Test
    void theFirstStartIsOnTheUsualPort() throws IOException {
        PagePort port = PagePort.of(DataDir.prepare(folder), null);

        assertThat(port.port()).isEqualTo(8700);
        assertThat(port.note()).isEmpty();
    }

    @Test
    void aStartWithoutAWishKeepsThePortOfTheLastAndSaysSo() throws IOException {
        PagePort port = PagePort.of(started(8765), null);

        assertThat(port.port()).isEqualTo(8765);
        assertThat(port.note()).contains("On port 8765, as the last time; --port changes it.");
    }

    @Test
    void nothingIsSaidOfTheUsualPort() throws IOException {
        assertThat(PagePort.of(started(8700), null).note()).isEmpty();
    }

    @Test
    void aWishChangesIt() throws IOException {
        PagePort port = PagePort.of(started(8765), 8700);

        assertThat(port.port()).isEqualTo(8700);
        assertThat(port.note()).isEmpty();
    }

    @Test
    void aWishThatIsNoPortIsRefused() {
        for (int wish : new int[] {-1, 0, 65_536}) {
            assertThatThrownBy(() -> PagePort.of(started(8765), wish))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("--port must be between 1 and 65535, not " + wish);
        }
    }

    private DataDir started(int port) throws IOException {
        DataDir data = DataDir.prepare(folder);
        Files0600.writeJson(data.adminFile(), new FirstStart.Admin("http://localhost:" + port, "a", "b", "c", 1));
        return data;
    }
}
