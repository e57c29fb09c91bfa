package io.campanile.clusters.node;

import io.campanile.common.auth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** The credential of a node: 256 random bits that only the node keeps, and their SHA-256 that we keep. */
public final class NodeSecrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private NodeSecrets() {}

    public static Secret create() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public static String hash(Secret secret) {
        return HexFormat.of().formatHex(sha256(secret.value()));
    }

    static boolean matches(String presented, String hash) {
        return MessageDigest.isEqual(sha256(presented), HexFormat.of().parseHex(hash));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
