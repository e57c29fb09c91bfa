package io.campanile.common.http;

/** How bodies are cut on their way: the pieces of the library, 8 KB, cost large files most of their time. */
public final class Streams {
    /** What is read of a connection at once at most. */
    public static final int PIECE = 64 * 1024;

    /** What waits to be written before the other side is asked to pause. */
    public static final int QUEUE = 256 * 1024;

    private Streams() {}
}
