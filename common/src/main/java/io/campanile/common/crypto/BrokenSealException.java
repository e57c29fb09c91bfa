package io.campanile.common.crypto;

/** Sealed bytes that were changed, moved to another place, or sealed under another key. */
public final class BrokenSealException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenSealException(String message) {
        super(message);
    }
}
