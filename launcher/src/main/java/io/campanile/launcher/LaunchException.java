package io.campanile.launcher;

import org.jspecify.annotations.Nullable;

/** Something the person at the terminal can mend; the message is one clear sentence with the remedy. */
public final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LaunchException(String message) {
        super(message);
    }

    public LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
