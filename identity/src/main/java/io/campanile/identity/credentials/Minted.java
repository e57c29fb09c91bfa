package io.campanile.identity.credentials;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A new secret of 256 random bits. Only {@code lookup} (its first 64 bits, to find the row) and {@code hash} are stored;
 * the value is shown once.
 */
public record Minted(String value, String lookup, String hash) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern FORM = Pattern.compile("(?:dapi|dose)?([0-9a-f]{16})[0-9a-f]{48}");

    public Minted {
        requireNonNull(value, "value");
        requireNonNull(lookup, "lookup");
        requireNonNull(hash, "hash");
    }

    /** A secret that begins with {@code prefix}: "dapi" for tokens, "dose" for OAuth, nothing for sessions. */
    public static Minted create(String prefix) {
        String random = randomHex(32);
        return new Minted(prefix + random, random.substring(0, 16), hash(prefix + random));
    }

    public static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** The part of a shown secret that finds its row; empty when it cannot be one of ours. */
    public static Optional<String> lookupOf(String secret) {
        Matcher form = FORM.matcher(secret);
        return form.matches() ? Optional.of(form.group(1)) : Optional.empty();
    }

    /** What is stored of a secret that somebody else keeps. */
    public static String hashOf(String secret) {
        return hash(secret);
    }

    /** Whether {@code secret} is the one that was stored, in a time that does not depend on where they differ. */
    public static boolean matches(String secret, String storedHash) {
        return MessageDigest.isEqual(
                hash(secret).getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "Minted[****]";
    }

    private static String hash(String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
