package io.campanile.identity.scim;

import java.util.List;

/** A page of a list, and how many there are in all. */
record Found<T>(long total, List<T> page) {
    Found {
        page = List.copyOf(page);
    }
}
