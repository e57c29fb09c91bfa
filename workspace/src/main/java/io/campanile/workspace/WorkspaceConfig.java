package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.S3Settings;
import io.campanile.workspace.git.GitConfig;
import java.time.Duration;

/**
 * Settings of the workspace service.
 *
 * @param storage where files are kept: {@code folder}, in the data directory, or {@code s3}
 * @param s3 the bucket, for {@code s3}
 * @param fileLimit bytes of a file that is uploaded; the gateway's own limit stands before it
 * @param transfers contents that may be on their way at the same time; more are told to come back
 * @param uploadLife how long an unfinished upload is kept after its last part
 * @param git limits of git folders
 */
public record WorkspaceConfig(
        String storage, S3Settings s3, long fileLimit, int transfers, Duration uploadLife, GitConfig git) {
    private static final String FOLDER = "folder";
    private static final String BUCKET = "s3";

    public WorkspaceConfig {
        requireNonNull(s3, "s3");
        requireNonNull(git, "git");
        if (!storage.equals(FOLDER) && !storage.equals(BUCKET)) {
            throw new IllegalArgumentException("workspace.storage must be folder or s3");
        }
        if (storage.equals(BUCKET) && s3.bucket().isEmpty()) {
            throw new IllegalArgumentException("workspace.s3.bucket must be set where workspace.storage is s3");
        }
        if (fileLimit < 1 || transfers < 1) {
            throw new IllegalArgumentException("workspace.file-limit and workspace.transfers must be positive");
        }
        if (uploadLife.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("workspace.upload-life must be at least a minute");
        }
    }

    public static WorkspaceConfig defaults() {
        return new WorkspaceConfig(FOLDER, S3Settings.NONE, 5L << 30, 64, Duration.ofDays(1), GitConfig.defaults());
    }

    boolean inBucket() {
        return storage.equals(BUCKET);
    }
}
