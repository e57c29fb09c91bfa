package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much of commands there may be.
 *
 * @param contexts open contexts on one cluster; one that ran nothing is a row and no more
 * @param kernels contexts of one cluster that have run something: each has a kernel, a process of its own
 * @param ofUser open contexts of one person in a workspace
 * @param commandBytes bytes of a command
 * @param resultRows rows of a table in a result
 * @param resultBytes size of a result, of text as of a table
 * @param idle how long a context may run nothing before it is ended
 * @param keep how long commands and ended contexts are kept
 */
public record CommandLimits(
        int contexts,
        int kernels,
        int ofUser,
        int commandBytes,
        int resultRows,
        int resultBytes,
        Duration idle,
        Duration keep) {
    public CommandLimits {
        requireNonNull(idle, "idle");
        requireNonNull(keep, "keep");
        positive(contexts, "contexts");
        positive(kernels, "kernels");
        positive(ofUser, "of-user");
        positive(commandBytes, "command-bytes");
        positive(resultRows, "result-rows");
        positive(resultBytes, "result-bytes");
        positive(idle.toMillis(), "idle");
        positive(keep.toMillis(), "keep");
    }

    public static CommandLimits defaults() {
        return new CommandLimits(1_000, 8, 2_000, 1 << 20, 10_000, 8 << 20, Duration.ofHours(2), Duration.ofDays(7));
    }

    private static void positive(long value, String key) {
        if (value < 1) {
            throw new IllegalArgumentException("notebook-service.commands." + key + " must be positive");
        }
    }
}
