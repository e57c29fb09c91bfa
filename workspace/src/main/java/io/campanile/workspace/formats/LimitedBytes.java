package io.campanile.workspace.formats;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.ByteArrayOutputStream;

/** Bytes in memory, no more than allowed. */
final class LimitedBytes extends ByteArrayOutputStream {
    private final long limit;

    LimitedBytes(long limit) {
        this.limit = limit;
    }

    @Override
    public synchronized void write(int b) {
        require(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        require(length);
        super.write(bytes, from, length);
    }

    private void require(int more) {
        if ((long) count + more > limit) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "The notebook has more than " + limit + " bytes in this format, which is the limit");
        }
    }
}
