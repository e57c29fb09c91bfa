package io.campanile.workspace.files;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.blobs.BlobPath;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The path of a file as it stands in a request's target, percent-encoded once. */
final class RawPath {
    private RawPath() {}

    /** What follows {@code prefix}, which is a volume or something above or in one. */
    static BlobPath of(RoutingContext context, String prefix) {
        // Not the router's normalized path: what that reads as a dot segment or a slash has to be refused, not
        // followed.
        String raw = context.request().path();
        BlobPath path = BlobPath.parse(decode(raw.substring(prefix.length())), "path");
        if (!path.isInVolumes()) {
            throw ApiException.invalid("path must begin with /" + BlobPath.VOLUMES + "/<catalog>/<schema>/<volume>");
        }
        return path;
    }

    static String decode(String raw) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c > 0x7e || c < 0x21) {
                throw ApiException.invalid("path has a character that must be percent-encoded");
            }
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            int high = i + 2 <= raw.length() - 1 ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low < 0) {
                throw ApiException.invalid("path has a broken percent escape");
            }
            if (high * 16 + low == '/') {
                throw ApiException.invalid("path has an encoded slash");
            }
            bytes.put((byte) (high * 16 + low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.invalid("path is not UTF-8");
        }
    }
}
