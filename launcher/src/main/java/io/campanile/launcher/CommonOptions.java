package io.campanile.launcher;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every subcommand takes. */
final class CommonOptions {
    @Option(names = "--data-dir", paramLabel = "D", description = "Folder of the installation (default: ~/.campanile).")
    @Nullable
    Path dataDir;

    /** The installation's folder, made ready for use. */
    DataDir dataDir() {
        return DataDir.prepare(path());
    }

    /** The installation's folder as it is; commands that only look create nothing. */
    DataDir existing() {
        return DataDir.existing(path());
    }

    Path path() {
        Path chosen = dataDir;
        return chosen != null ? chosen : Path.of(System.getProperty("user.home"), ".campanile");
    }

    /** The distribution folder. */
    Path home() {
        String home = System.getProperty("campanile.home");
        if (home == null) {
            throw new LaunchException("campanile.home is not set; start Campanile with ./campanile.");
        }
        return Path.of(home).toAbsolutePath().normalize();
    }
}
