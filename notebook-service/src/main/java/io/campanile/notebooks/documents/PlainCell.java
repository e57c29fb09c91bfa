package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campanile.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** A cell as it is imported and exported; {@code language} is never null on export, {@code outputs} always on import. */
record PlainCell(
        @Nullable String id,
        CellType type,
        @Nullable String language,
        String source,
        @Nullable String title,
        @Nullable ArrayNode outputs,
        @Nullable Integer executionCount) {
    PlainCell {
        ApiException.require(type, "cells.type");
        ApiException.require(source, "cells.source");
    }
}
