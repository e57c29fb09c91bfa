package io.campanile.kernel.capture;

/** Code for the cluster reads something that cannot be sent there; the message names the variable. */
@SuppressWarnings("serial")
public final class CaptureException extends RuntimeException {
    CaptureException(String message) {
        super(message);
    }
}
