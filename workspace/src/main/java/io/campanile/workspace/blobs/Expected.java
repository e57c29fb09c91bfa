package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

/** What must be at a place for a write to happen there. Decided by the store, not by looking first. */
public sealed interface Expected {
    Expected ANYTHING = new Anything();
    Expected NOTHING = new Nothing();

    /** Whatever file is there is replaced. */
    record Anything() implements Expected {}

    /** No file may be there. */
    record Nothing() implements Expected {}

    /** The file with this tag must be there. */
    record Tagged(String etag) implements Expected {
        public Tagged {
            requireNonNull(etag, "etag");
        }
    }
}
