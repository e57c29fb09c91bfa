package io.campanile.acceptance;

import org.junit.jupiter.api.Assumptions;

/** The browser of tests. */
final class Browsers {
    private Browsers() {}

    /** Skips the calling test by name where there is no Chromium; CI skips nothing and fails. */
    static Chromium launch() {
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(
                    Chromium.program().isPresent(), "Chromium is not installed (Debian: apt-get install chromium)");
        }
        return Chromium.launch();
    }
}
