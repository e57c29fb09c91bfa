package io.campanile.acceptance.crash;

import com.databricks.sdk.core.DatabricksError;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.http.ConnectionClosedException;
import org.apache.http.MalformedChunkCodingException;
import org.apache.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves while something is dying (RELIABILITY.md 5): it asks again when the connection was lost or the
 * answer was 429, 502, 503 or 504. Any other failure, a 500 above all, is one of the platform and ends the test.
 */
final class Patience {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Set<Integer> STATUSES = Set.of(429, 502, 503, 504);
    private static final Set<String> CODES =
            Set.of("REQUEST_LIMIT_EXCEEDED", "BAD_GATEWAY", "TEMPORARILY_UNAVAILABLE", "DEADLINE_EXCEEDED");

    private final AtomicInteger retries = new AtomicInteger();

    /** One attempt; {@code again} when an earlier one may have been carried out without an answer. */
    interface Attempt<T> {
        T make(boolean again) throws Exception;
    }

    /** How often anything had to be asked again. */
    int retries() {
        return retries.get();
    }

    <T> T until(String what, Attempt<T> attempt) throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        boolean again = false;
        while (true) {
            try {
                return attempt.make(again);
            } catch (Exception e) {
                if (!excused(e)) {
                    throw new AssertionError(what + " failed as nothing may fail: " + e, e);
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(what + " was not answered in " + LONGEST.toSeconds() + " s", e);
                }
            }
            again = true;
            retries.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(150);
        }
    }

    private static boolean excused(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotebookSocket.RefusedException refused) {
                return CODES.contains(refused.code());
            }
            if (cause instanceof Person.StatusException answer) {
                return STATUSES.contains(answer.status());
            }
            if (cause instanceof WebSocketHandshakeException handshake) {
                return STATUSES.contains(handshake.getResponse().statusCode());
            }
            if (cause instanceof DatabricksError error && STATUSES.contains(error.getStatusCode())) {
                return true;
            }
            if (cause instanceof SocketException
                    || cause instanceof ConnectException
                    || cause instanceof EOFException
                    || cause instanceof ClosedChannelException
                    || cause instanceof NoHttpResponseException
                    || cause instanceof ConnectionClosedException
                    || cause instanceof MalformedChunkCodingException
                    || cause instanceof NotebookSocket.LostException) {
                return true;
            }
        }
        return false;
    }
}
