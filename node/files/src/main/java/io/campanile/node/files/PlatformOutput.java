package io.campanile.node.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.files.PlatformCalls.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to the service: a small one in one request when it is closed, a larger one in parts, which the service
 * keeps until the last is there. Under its name it is there whole or not at all; after a failure it never will be.
 */
final class PlatformOutput extends OutputStream {
    private static final int PART = 8 * 1024 * 1024;
    private static final int FIRST = 16 * 1024;

    private final PlatformCalls calls;
    private final String path;
    private final boolean overwrite;
    private byte[] buffer = new byte[FIRST];
    private int filled;
    private long sent;
    private @Nullable String upload;
    private @Nullable IOException failure;
    private boolean closed;

    PlatformOutput(PlatformCalls calls, String path, boolean overwrite) {
        this.calls = calls;
        this.path = path;
        this.overwrite = overwrite;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == PART) {
                sendPart();
            }
            int taken = Math.min(left, PART - filled);
            reserve(filled + taken);
            System.arraycopy(bytes, at, buffer, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
        }
    }

    private void reserve(int length) {
        if (length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(PART, Math.max(length, buffer.length * 2)));
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(path + ": the stream is closed");
        }
        if (failure != null) {
            throw new IOException(path + ": the file was not written", failure);
        }
    }

    private void sendPart() throws IOException {
        attempt(() -> {
            String id = upload;
            if (id == null) {
                id = calls.send(Question.of(path, "POST", "uploads", Map.of("path", path, "overwrite", overwrite)))
                        .json()
                        .path("upload_id")
                        .asText();
                upload = id;
            }
            long end = sent + filled;
            for (int fruitless = 0; sent < end; ) {
                long received = part(id, end);
                fruitless = received == sent ? calls.pauseAfter(path, fruitless) : 0;
                sent = received;
            }
            filled = 0;
        });
    }

    /** Sends what is left of the buffer, and answers how much of the file has come. */
    private long part(String id, long end) throws IOException {
        int left = (int) (end - sent);
        byte[] body = Arrays.copyOfRange(buffer, filled - left, filled);
        String route = "uploads/" + id;
        try {
            return received(calls.once(new Question(path, "PUT", route, Map.of("offset", sent), body)), end);
        } catch (PlatformCalls.PassingException broken) {
            // Part of it may have come: the service knows how much.
            return received(
                    calls.send(Question.of(path, "GET", route, Map.of())).json(), end);
        }
    }

    private long received(JsonNode view, long end) throws IOException {
        long received = view.path("received").asLong(-1);
        if (received < end - filled || received > end) {
            throw new IOException(path + ": the service has " + received + " of " + end + " bytes");
        }
        return received;
    }

    /** Everything that was written is in the file, or the file is not there. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (failure != null) {
            abort();
            throw new IOException(path + ": the file was not written", failure);
        }
        try {
            if (upload != null && filled > 0) {
                sendPart();
            }
            attempt(this::place);
        } catch (IOException e) {
            abort();
            throw e;
        } finally {
            buffer = new byte[0];
        }
    }

    private void place() throws IOException {
        if (upload != null) {
            calls.send(Question.of(path, "POST", "uploads/" + upload + "/complete", Map.of("path", path)));
            return;
        }
        calls.send(new Question(
                path,
                "PUT",
                "content",
                Map.of("path", path, "overwrite", overwrite, "mark", UUID.randomUUID()),
                Arrays.copyOf(buffer, filled)));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Nobody comes for the parts any more; those of a service that is away end by themselves after a day. */
    private void abort() {
        if (upload != null) {
            try {
                calls.once(Question.of(path, "DELETE", "uploads/" + upload, Map.of()));
            } catch (IOException e) {
                // The failure that led here is the one to be told.
            }
        }
    }
}
