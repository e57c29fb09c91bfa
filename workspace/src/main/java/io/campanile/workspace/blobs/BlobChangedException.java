package io.campanile.workspace.blobs;

import java.io.IOException;

/** The file was replaced between being found and being read: look again. */
public final class BlobChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    public BlobChangedException(BlobPath path) {
        super(path + " changed while it was opened");
    }
}
