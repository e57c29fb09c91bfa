package io.campanile.notebooks.nodes;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Where the Arrow files go that nodes upload. */
public interface ResultUploads {
    /** Whose result arrives; {@code truncated}: the run had more rows than are in it. */
    record Upload(long workspaceId, long runId, long notebookId, String resultId, boolean truncated) {}

    /**
     * Stores the stream, which is paused, as {@code upload}'s result; a repeated upload of a stored result succeeds.
     * INVALID_PARAMETER_VALUE when it is too long or no Arrow file.
     */
    Future<Void> receive(Upload upload, ReadStream<Buffer> body);
}
