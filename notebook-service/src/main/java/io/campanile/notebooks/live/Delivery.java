package io.campanile.notebooks.live;

/** An encoded frame for a tab; {@code revision} is that of an operation, which a snapshot may hold already. */
record Delivery(String text, long revision) {
    /** The revision of frames that are no operations. */
    static final long ALWAYS = Long.MAX_VALUE;
}
