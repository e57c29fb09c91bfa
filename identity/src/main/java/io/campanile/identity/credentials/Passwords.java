package io.campanile.identity.credentials;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Argon2id password hashes. Few at once: a hash takes 19 MiB, and sign-in must not starve the rest of the process. */
public final class Passwords {
    private static final Argon2Function ARGON = Argon2Function.getInstance(19 * 1024, 2, 1, 32, Argon2.ID);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LONGEST = 1024;
    private static final char[] READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".toCharArray();

    private final Semaphore slots;
    private final String nobody;

    public Passwords(int concurrent) {
        this.slots = new Semaphore(concurrent);
        this.nobody = hash(random());
    }

    /** A random password of about 116 bits without characters that look alike. */
    public static String random() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            password.append(READABLE[RANDOM.nextInt(READABLE.length)]);
        }
        return password.toString();
    }

    public String hash(String password) {
        if (password.isEmpty() || password.length() > LONGEST) {
            throw ApiException.invalid("A password has 1 to " + LONGEST + " characters");
        }
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        return inSlot(() -> ARGON.hash(password.getBytes(StandardCharsets.UTF_8), salt))
                .getResult();
    }

    /** Takes as long for an unknown account (an empty hash) as for a known one. */
    public boolean matches(String password, Optional<String> hash) {
        String compared = hash.orElse(nobody);
        String shown = password.length() > LONGEST ? "" : password;
        boolean same = inSlot(() -> Argon2Function.getInstanceFromHash(compared).check(shown, compared));
        return same && hash.isPresent();
    }

    private <T> T inSlot(Supplier<T> work) {
        try {
            if (!slots.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new ApiException(
                        ErrorCode.TEMPORARILY_UNAVAILABLE,
                        "Too many people are signing in; try again",
                        List.of(Map.of("retry_after_seconds", 2)),
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "Signing in was interrupted", e);
        }
        try {
            return work.get();
        } finally {
            slots.release();
        }
    }
}
