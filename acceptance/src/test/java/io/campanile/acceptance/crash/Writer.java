package io.campanile.acceptance.crash;

/** Does one kind of change over and over and notes what was acknowledged. One thread at a time. */
interface Writer extends AutoCloseable {
    String name();

    /** One more operation; returns when it was acknowledged and noted. */
    void write() throws Exception;

    /** How many operations were acknowledged. */
    int acknowledged();

    /** AssertionError unless everything acknowledged is there, once and in order; {@code all}: not just the newest. */
    void verify(boolean all) throws Exception;

    @Override
    default void close() throws Exception {}
}
