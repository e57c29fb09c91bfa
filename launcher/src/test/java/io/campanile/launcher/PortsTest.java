package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {
    @TempDir
    Path folder;

    @Test
    void aPortIsKeptOverStarts() throws Exception {
        DataDir data = DataDir.prepare(folder);

        int first = Ports.open(data).of("identity", false);

        assertThat(Ports.open(data).of("identity", false)).isEqualTo(first);
    }

    @Test
    void aPortThatAStrangerTookIsReplacedUnlessItIsOurs() throws Exception {
        DataDir data = DataDir.prepare(folder);
        int first = Ports.open(data).of("identity", false);

        try (ServerSocket stranger = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.open(data).of("identity", true)).isEqualTo(stranger.getLocalPort());
            assertThat(Ports.open(data).of("identity", false)).isNotEqualTo(first);
        }
    }
}
