package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

/** An object as the permissions API names it: {@code /notebooks/123}. */
public record ObjectRef(String collection, String id) {
    public ObjectRef {
        requireNonNull(collection, "collection");
        requireNonNull(id, "id");
    }

    @Override
    public String toString() {
        return "/" + collection + "/" + id;
    }
}
