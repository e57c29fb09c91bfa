package io.campanile.kernel.cells;

import java.util.HashMap;
import java.util.Map;
import jdk.jshell.Snippet;
import org.jspecify.annotations.Nullable;

/** Where in which cell each snippet began: JShell names a snippet's lines {@code #id:line}. */
final class SnippetPlaces {
    private final Map<String, Place> places = new HashMap<>();
    private Place current = new Place(0, 1);

    /** The cell and the line a snippet starts in. */
    record Place(int cell, int line) {}

    void starting(CellSource source, int offset) {
        current = new Place(source.cell(), source.position(offset).line());
    }

    /** The place of the snippet being evaluated; an update of an older one keeps the older place. */
    void add(Snippet snippet) {
        places.putIfAbsent(snippet.id(), current);
    }

    /** An id JShell has given out, but whose evaluation has not ended yet, is the one in hand. */
    Place of(String id) {
        @Nullable Place place = places.get(id);
        return place == null ? current : place;
    }
}
