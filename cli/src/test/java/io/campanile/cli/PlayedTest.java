package io.campanile.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands of somebody who is signed in at a server that the test plays. */
abstract class PlayedTest {
    @TempDir
    Path home;

    PlayedServer server;
    Cli cli;

    @BeforeEach
    void begin() throws IOException {
        server = new PlayedServer();
        cli = new Cli(home).at(server);
    }

    @AfterEach
    void end() {
        server.close();
    }
}
