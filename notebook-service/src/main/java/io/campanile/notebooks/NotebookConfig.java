package io.campanile.notebooks;

import static java.util.Objects.requireNonNull;

import io.campanile.notebooks.commands.CommandLimits;
import io.campanile.notebooks.runs.RunService;
import java.time.Duration;

/**
 * Settings of the notebook service.
 *
 * @param bodyLimit bytes of a request body; whole notebooks are streamed and have a limit of their own
 * @param attachmentLimit bytes of an image pasted into a notebook
 * @param limits how many runs may wait
 * @param keepRuns how long a run, its outputs and results are kept after a later run of the same cell replaced it
 * @param commands what there may be of the command API
 */
public record NotebookConfig(
        long bodyLimit, long attachmentLimit, RunService.Limits limits, Duration keepRuns, CommandLimits commands) {
    public NotebookConfig {
        requireNonNull(limits, "limits");
        requireNonNull(commands, "commands");
        if (keepRuns.isNegative()) {
            throw new IllegalArgumentException("notebook-service.keep-runs must not be negative");
        }
        if (bodyLimit < 1) {
            throw new IllegalArgumentException("notebook-service.body-limit must be positive");
        }
        if (attachmentLimit < 1) {
            throw new IllegalArgumentException("notebook-service.attachment-limit must be positive");
        }
    }

    public static NotebookConfig defaults() {
        return new NotebookConfig(
                110L * 1024 * 1024,
                10L * 1024 * 1024,
                RunService.Limits.DEFAULT,
                Duration.ofDays(30),
                CommandLimits.defaults());
    }
}
