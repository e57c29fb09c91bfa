package io.campanile.notebooks.nodes;

import io.campanile.node.protocol.WorkMessage;
import java.util.List;
import java.util.Map;

/** What is done with the frames of nodes. Those of one stream come in order; a failure closes the stream. */
public interface NodeListener {
    /** The first frame: brings what both sides believe into agreement. Blocking. */
    void connected(NodeStream node, WorkMessage.Hello hello);

    /** The stream of {@code node} is the one to send work to from now on. Blocking. */
    void ready(NodeStream node);

    /**
     * Stores records; returns the sequence numbers to acknowledge, by run, after the commit. Blocking.
     *
     * @throws RecordGapException when a record is missing; what came before it is stored
     */
    Map<Long, Long> records(NodeStream node, List<WorkMessage.Record> records) throws RecordGapException;

    /** A kernel changed its state. Blocking. */
    void kernel(NodeStream node, WorkMessage.KernelInfo kernel);

    /** The node has not begun a run and never will. Blocking. */
    void declined(NodeStream node, long runId);

    /** News that is not kept. On the event loop. */
    void passing(NodeStream node, WorkMessage.Transient news);

    /** An answer to a request. On the event loop. */
    void replied(NodeStream node, WorkMessage.Reply reply);

    /** The stream is gone; its node may come back. On the event loop. */
    void disconnected(NodeStream node);
}
