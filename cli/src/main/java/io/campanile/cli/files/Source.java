package io.campanile.cli.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** Bytes to be sent, as often as it takes. {@code identity} differs when they do. */
record Source(long size, String identity, Opener opener) {
    interface Opener {
        InputStream open(long offset) throws IOException;
    }

    /** The bytes from an offset on, as the body of a request. */
    BodyPublisher publisher(long offset) {
        if (size == offset) {
            return BodyPublishers.noBody();
        }
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> {
            try {
                return opener.open(offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return BodyPublishers.fromPublisher(stream, size - offset);
    }
}
