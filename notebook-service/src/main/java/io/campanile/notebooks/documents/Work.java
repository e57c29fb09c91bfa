package io.campanile.notebooks.documents;

import io.campanile.notebooks.documents.OpStore.ClientKey;
import org.jspecify.annotations.Nullable;

/** Something to do with a notebook under its lock; an ApiException it throws must leave the batch unchanged. */
interface Work<T> {
    T run(Batch batch);

    /** The number of the client's operation, when it is one. */
    default @Nullable ClientKey client() {
        return null;
    }

    /** The language of the notebook to create when there is none; null: that is a 404. */
    default @Nullable String creates() {
        return null;
    }
}
