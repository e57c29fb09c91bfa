package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.util.HexFormat;

/** A cluster policy of a workspace. */
record Policy(
        String policyId,
        long workspaceId,
        PolicySettings settings,
        long creatorUserId,
        String creatorUserName,
        long createdAt) {
    private static final SecureRandom RANDOM = new SecureRandom();

    Policy {
        requireNonNull(policyId, "policyId");
        requireNonNull(settings, "settings");
        requireNonNull(creatorUserName, "creatorUserName");
    }

    static String newId() {
        byte[] id = new byte[8];
        RANDOM.nextBytes(id);
        return HexFormat.of().withUpperCase().formatHex(id);
    }

    Policy with(PolicySettings next) {
        return new Policy(policyId, workspaceId, next, creatorUserId, creatorUserName, createdAt);
    }
}
