package io.campanile.workspace.git;

import java.time.Duration;
import java.util.Set;

/**
 * Limits of git folders.
 *
 * @param allowedHosts hosts that may be asked although their addresses are not public; {@code host} or {@code host:port}
 * @param repositoryLimit bytes git servers may send in one operation, and all files of a commit have, with its submodules
 * @param fileLimit bytes of one file
 * @param files how many files a commit may have, with its submodules
 * @param timeout how long one operation may take; the gateway waits longer
 */
public record GitConfig(Set<String> allowedHosts, long repositoryLimit, long fileLimit, int files, Duration timeout) {
    public GitConfig {
        allowedHosts = Set.copyOf(allowedHosts);
        if (repositoryLimit < 1 || fileLimit < 1 || files < 1) {
            throw new IllegalArgumentException(
                    "workspace.git.repository-limit, workspace.git.file-limit and workspace.git.files must be positive");
        }
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("workspace.git.timeout must be at least a second");
        }
    }

    public static GitConfig defaults() {
        return new GitConfig(Set.of(), 1L << 30, 100L << 20, 10_000, Duration.ofSeconds(150));
    }
}
