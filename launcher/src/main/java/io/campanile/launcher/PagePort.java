package io.campanile.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port of the page: as asked for, else the one of the last time, because that is where people, tokens of clients and
 * bookmarks look for it.
 *
 * @param kept it was not asked for and is not the usual one
 */
record PagePort(int port, boolean kept) {
    static final int USUAL = 8700;
    private static final int LARGEST = 65_535;

    static PagePort of(DataDir data, @Nullable Integer asked) throws IOException {
        if (asked != null) {
            if (asked < 1 || asked > LARGEST) {
                throw new LaunchException("--port must be between 1 and 65535, not " + asked + ".");
            }
            return new PagePort(asked, false);
        }
        int last = Files.exists(data.adminFile())
                ? URI.create(FirstStart.Admin.of(data).url()).getPort()
                : USUAL;
        return last < 1 || last == USUAL ? new PagePort(USUAL, false) : new PagePort(last, true);
    }

    /** What is said about it before the start. */
    Optional<String> note() {
        return kept ? Optional.of("On port " + port + ", as the last time; --port changes it.") : Optional.empty();
    }
}
