package io.campanile.node.files;

import java.io.Closeable;
import java.io.IOException;

/** A file that is read from anywhere; for one reader at a time. */
public interface OpenFile extends Closeable {
    long size() throws IOException;

    /** Bytes from {@code position} on, at least one of them; -1 at the end. */
    int read(long position, byte[] into, int offset, int length) throws IOException;
}
