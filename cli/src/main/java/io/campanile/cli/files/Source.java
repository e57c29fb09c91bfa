package io.campanile.cli.files;

import java.io.IOException;
import java.io.InputStream;

/** Bytes to be sent, as often as it takes. */
record Source(long size, Opener opener) {
    interface Opener {
        InputStream open() throws IOException;
    }
}
