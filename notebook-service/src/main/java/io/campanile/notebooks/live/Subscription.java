package io.campanile.notebooks.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.notebooks.access.ObjectAccess;

/** One tab's subscription to one notebook, as a feature sees it. Safe to keep and to use from any thread. */
public interface Subscription {
    /** The person, as the gateway authenticated it when the socket was opened. */
    Caller caller();

    long notebookId();

    /** What the person may do, as of the last check (at the subscription and every minute since). */
    ObjectAccess access();

    /** Sends to this tab alone; {@code ch} is added. Does nothing once the tab is gone. */
    void send(ObjectNode frame);
}
