package io.campanile.notebooks.attachments;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What an attachment may be, told by its first bytes and never by what its sender says. */
enum MediaType {
    PNG("image/png", true),
    JPEG("image/jpeg", true),
    GIF("image/gif", true),
    WEBP("image/webp", true),
    /** May hold scripts: only ever downloaded. */
    SVG("image/svg+xml", false);

    private final String wire;
    private final boolean inline;

    MediaType(String wire, boolean inline) {
        this.wire = wire;
        this.inline = inline;
    }

    String wire() {
        return wire;
    }

    /** Whether a browser may show it in place. */
    boolean inline() {
        return inline;
    }

    static Optional<MediaType> of(byte[] head) {
        if (starts(head, 0, new int[] {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a})) {
            return Optional.of(PNG);
        }
        if (starts(head, 0, new int[] {0xff, 0xd8, 0xff})) {
            return Optional.of(JPEG);
        }
        if (starts(head, 0, new int[] {'G', 'I', 'F', '8'})) {
            return Optional.of(GIF);
        }
        if (starts(head, 0, new int[] {'R', 'I', 'F', 'F'}) && starts(head, 8, new int[] {'W', 'E', 'B', 'P'})) {
            return Optional.of(WEBP);
        }
        String text = new String(head, 0, Math.min(head.length, 1024), StandardCharsets.UTF_8)
                .strip()
                .toLowerCase(Locale.ROOT);
        boolean xml = text.startsWith("<svg") || text.startsWith("<?xml") || text.startsWith("<!");
        return xml && text.contains("<svg") ? Optional.of(SVG) : Optional.empty();
    }

    static Optional<MediaType> ofWire(String wire) {
        for (MediaType type : values()) {
            if (type.wire.equals(wire)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static boolean starts(byte[] bytes, int at, int[] magic) {
        if (bytes.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[at + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
