package io.campanile.notebooks.documents;

/**
 * Texts as PostgreSQL can hold them. NUL and unpaired surrogates (a concurrent edit can cut an emoji in half) have no
 * place in its UTF-8; they are written as U+FDD0 and four hexadecimal digits, and so is U+FDD0 itself.
 */
final class StoredText {
    private static final char ESCAPE = '\uFDD0';

    private StoredText() {}

    static String encode(String text) {
        int first = firstUnstorable(text);
        if (first < 0) {
            return text;
        }
        var out = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            if (unstorable(text, i)) {
                out.append(ESCAPE).append(String.format("%04x", (int) text.charAt(i)));
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    static String decode(String stored) {
        int next = stored.indexOf(ESCAPE);
        if (next < 0) {
            return stored;
        }
        var out = new StringBuilder(stored.length());
        int from = 0;
        while (next >= 0) {
            out.append(stored, from, next).append((char) Integer.parseInt(stored.substring(next + 1, next + 5), 16));
            from = next + 5;
            next = stored.indexOf(ESCAPE, from);
        }
        return out.append(stored, from, stored.length()).toString();
    }

    private static int firstUnstorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (unstorable(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean unstorable(String text, int at) {
        char c = text.charAt(at);
        return c == 0 || c == ESCAPE || (Character.isSurrogate(c) && !paired(text, at));
    }

    private static boolean paired(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
