package io.campanile.clusters.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this machine that can still be given away, in MiB. */
@FunctionalInterface
public interface MachineMemory {
    long availableMb();

    /** Reads MemAvailable of {@code /proc/meminfo}. */
    static MachineMemory ofLinux() {
        return () -> {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                    if (line.startsWith("MemAvailable:")) {
                        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                    }
                }
            } catch (IOException e) {
                throw new ProviderException("The free memory of this machine cannot be read", e);
            }
            throw new ProviderException("The free memory of this machine cannot be read");
        };
    }
}
