package io.campanile.identity.settings;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/** Addresses and blocks from which a workspace may, or may not, be used. */
record AddressList(
        String listId,
        long workspaceId,
        String label,
        Type type,
        List<String> addresses,
        boolean enabled,
        Instant createdAt,
        long createdBy,
        Instant updatedAt,
        long updatedBy) {
    enum Type {
        ALLOW,
        BLOCK
    }

    AddressList {
        requireNonNull(listId, "listId");
        requireNonNull(label, "label");
        requireNonNull(type, "type");
        addresses = List.copyOf(addresses);
    }

    AddressList with(Content content, Instant now, long by) {
        return new AddressList(
                listId,
                workspaceId,
                content.label(),
                content.type(),
                content.addresses(),
                content.enabled(),
                createdAt,
                createdBy,
                now,
                by);
    }

    Content content() {
        return new Content(label, type, addresses, enabled);
    }

    /** What an administrator says of a list. */
    record Content(String label, Type type, List<String> addresses, boolean enabled) {
        Content {
            addresses = List.copyOf(addresses);
        }
    }
}
