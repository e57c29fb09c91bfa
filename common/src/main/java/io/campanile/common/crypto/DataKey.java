package io.campanile.common.crypto;

import static java.util.Objects.requireNonNull;

/** A workspace's data key as it is stored: wrapped by a master key. */
record DataKey(long workspaceId, int version, String masterKeyId, byte[] wrapped) {
    DataKey {
        requireNonNull(masterKeyId, "masterKeyId");
        requireNonNull(wrapped, "wrapped");
    }
}
