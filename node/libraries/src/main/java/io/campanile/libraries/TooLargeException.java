package io.campanile.libraries;

import org.eclipse.aether.transfer.TransferCancelledException;

/** A library has more bytes than one may have. */
@SuppressWarnings("serial")
final class TooLargeException extends TransferCancelledException {
    TooLargeException(long mostBytes) {
        super("It has more than the " + mostBytes + " bytes that a library may have");
    }
}
