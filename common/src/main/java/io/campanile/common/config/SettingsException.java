package io.campanile.common.config;

import org.jspecify.annotations.Nullable;

/** A setting that cannot be used; the message names it, where it comes from and what it may be. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }

    public SettingsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
