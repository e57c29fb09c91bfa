package io.campanile.workspace.blobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part of a folder's entries. {@code next} is the store's own word for where to go on; null at the end. */
public record BlobPage(List<Blob> entries, @Nullable String next) {
    public BlobPage {
        entries = List.copyOf(entries);
    }
}
