package io.campanile.workspace.contents;

import java.io.IOException;

/** The content was replaced or deleted between its row being read and itself: read the row again. */
public final class ContentGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ContentGoneException(long objectId) {
        super("The content of object " + objectId + " is not there any more");
    }
}
