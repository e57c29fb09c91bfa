package io.campanile.common.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a person has beyond being a user of the workspace.
 *
 * @param admin of the workspace
 * @param accountAdmin may make and delete workspaces and assign people to them
 * @param groups ids of all groups of the workspace the person is in, also through other groups
 * @param entitlements by their SCIM names, such as {@code allow-cluster-create}; an administrator has them all
 */
public record Rights(boolean admin, boolean accountAdmin, Set<Long> groups, Set<String> entitlements) {
    public static final Rights NONE = new Rights(false, false, Set.of(), Set.of());
    public static final Rights ADMIN = new Rights(true, false, Set.of(), Set.of());

    public Rights {
        groups = Set.copyOf(groups);
        entitlements = Set.copyOf(entitlements);
    }

    /** The same for the same rights and another for others: how gateway and identity see that somebody's changed. */
    public String fingerprint() {
        String text = admin + "|" + accountAdmin + "|" + new TreeSet<>(groups) + "|" + new TreeSet<>(entitlements);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Whether the person has an entitlement, by itself or as an administrator. */
    public boolean entitled(String entitlement) {
        return admin || entitlements.contains(entitlement);
    }
}
