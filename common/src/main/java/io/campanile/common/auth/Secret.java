package io.campanile.common.auth;

import static java.util.Objects.requireNonNull;

/** A value that must never be printed. */
public record Secret(String value) {
    public Secret {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return "****";
    }
}
