package io.campanile.notebooks.nodes;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Where the Arrow files go that nodes upload. */
public interface ResultUploads {
    /** Stores the stream, which is paused, under {@code resultId}; a repeated upload of a stored result succeeds. */
    Future<Void> receive(long workspaceId, long runId, long notebookId, String resultId, ReadStream<Buffer> body);
}
