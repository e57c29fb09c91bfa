package io.campanile.notebooks.results;

import java.nio.file.Path;

/** Where in the blob store results are. */
final class ResultFiles {
    static final String FOLDER = "results";

    private ResultFiles() {}

    static Path folder(Path blobs, long workspaceId) {
        return blobs.resolve(Long.toString(workspaceId)).resolve(FOLDER);
    }

    /** {@code resultId} must have been checked: it becomes the name of the file. */
    static Path of(Path blobs, long workspaceId, String resultId) {
        return folder(blobs, workspaceId).resolve(resultId + ".arrow");
    }
}
