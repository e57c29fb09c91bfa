package io.campanile.common.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869) for one block: a key out of a key, for one purpose. */
final class Derivation {
    private static final String HMAC = "HmacSHA256";
    /** Data keys seal by AES-GCM; no key that is derived here is ever one that seals. */
    private static final byte[] SALT = "campanile derived key 1".getBytes(StandardCharsets.US_ASCII);

    private Derivation() {}

    static byte[] derive(byte[] key, byte[] purpose) {
        Mac expand = mac(mac(SALT).doFinal(key));
        expand.update(purpose);
        return expand.doFinal(new byte[] {1});
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC, e);
        }
    }
}
