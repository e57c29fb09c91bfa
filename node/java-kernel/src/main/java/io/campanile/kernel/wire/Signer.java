package io.campanile.kernel.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over the four JSON frames of a message; an empty key means no signature, as Jupyter defines it. */
public final class Signer {
    private final byte[] key;

    public Signer(String key) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    public String sign(List<byte[]> parts) {
        if (key.length == 0) {
            return "";
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            parts.forEach(mac::update);
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing", e);
        }
    }

    public boolean matches(byte[] signature, List<byte[]> parts) {
        return MessageDigest.isEqual(signature, sign(parts).getBytes(StandardCharsets.US_ASCII));
    }
}
