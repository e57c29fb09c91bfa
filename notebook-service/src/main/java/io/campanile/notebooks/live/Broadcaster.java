package io.campanile.notebooks.live;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Sends to every tab that has a notebook open. */
public interface Broadcaster {
    /**
     * In the order of the calls, to those subscribed now; {@code ch} is added. Call after the commit. The frame must not
     * be changed afterwards. Any thread; never blocks.
     */
    void toNotebook(long workspaceId, long notebookId, ObjectNode frame);

    /**
     * Like {@link #toNotebook}, to the tabs of one person alone: what concerns their own cluster and kernel. In order with
     * the frames to everybody.
     */
    void toPerson(long workspaceId, long notebookId, long userId, ObjectNode frame);

    /** Whether any tab has the notebook open: lets a feature skip work nobody would see. */
    boolean watched(long workspaceId, long notebookId);
}
