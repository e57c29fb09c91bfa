package io.campanile.notebooks.documents;

import io.campanile.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** The answer to a client's operation; the same however often it is sent. */
public sealed interface OpResult {
    /** Committed as revision {@code rev}; {@code ver} is the version a text operation made. */
    record Acknowledged(long rev, @Nullable Long ver) implements OpResult {}

    /** Not applied; {@code recoveredCell} keeps its text where that was possible. */
    record Refused(ApiException reason, @Nullable String recoveredCell) implements OpResult {}
}
