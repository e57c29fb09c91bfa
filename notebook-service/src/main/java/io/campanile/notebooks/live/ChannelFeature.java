package io.campanile.notebooks.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Handles some of the frames a tab sends on a notebook's channel. */
public interface ChannelFeature {
    /** The values of {@code t} this feature handles. */
    Set<String> frames();

    /**
     * Handles one frame, on a worker thread. Frames of one subscription come one at a time and in order, each after the
     * operations sent before it are committed; so work that waits for a node must not be done here but answered later
     * through {@link Subscription#send}. The feature checks the permission itself. An ApiException that escapes is
     * answered with an {@code error} frame.
     */
    void handle(Subscription from, JsonNode frame);
}
