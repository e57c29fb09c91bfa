package io.campanile.workspace.objects;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.files.Places;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lets a few archives at a time be made and read: each keeps a thread and a processor busy for seconds. */
public final class ArchiveTurns {
    static final int MOST = 4;

    private final Places places = new Places(MOST);

    <T> T take(Caller caller, Supplier<T> work) {
        if (!places.take(caller)) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE,
                    "Too many archives are being made or read; try again",
                    List.of(Map.of("retry_after_seconds", 2)),
                    null);
        }
        try {
            return work.get();
        } finally {
            places.give(caller);
        }
    }
}
