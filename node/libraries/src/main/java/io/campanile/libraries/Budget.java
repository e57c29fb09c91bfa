package io.campanile.libraries;

import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferCancelledException;
import org.eclipse.aether.transfer.TransferEvent;

/** Ends the download of a library that is larger than libraries may be. */
final class Budget extends AbstractTransferListener {
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();

    Budget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public void transferProgressed(TransferEvent event) throws TransferCancelledException {
        if (bytes.addAndGet(event.getDataLength()) > mostBytes) {
            throw new TooLargeException(mostBytes);
        }
    }
}
