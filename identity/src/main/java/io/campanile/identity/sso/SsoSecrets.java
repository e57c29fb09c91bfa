package io.campanile.identity.sso;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What ties an answer of the provider to the browser that asked. Both are made of the browser's own secret and the state,
 * so nothing that is stored here could stand in for them.
 */
final class SsoSecrets {
    private SsoSecrets() {}

    /** PKCE's, 43 characters. */
    static String verifier(String browser, String state) {
        return derived(browser, "verifier:" + state);
    }

    static String nonce(String browser, String state) {
        return derived(browser, "nonce:" + state);
    }

    private static String derived(String browser, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(browser.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            byte[] bytes = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    /** PKCE's S256. */
    static String challenge(String verifier) {
        try {
            byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
