package io.campanile.node.agent.run;

/** Where to cut text so that a piece has at most so many bytes of UTF-8. */
final class TextCut {
    private TextCut() {}

    /** The end of the longest piece from {@code start} that fits and splits no character. */
    static int end(CharSequence text, int start, int maxBytes) {
        int bytes = 0;
        int at = start;
        while (at < text.length()) {
            char next = text.charAt(at);
            boolean pair = Character.isHighSurrogate(next)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            bytes += pair ? 4 : bytes(next);
            if (bytes > maxBytes) {
                return at;
            }
            at += pair ? 2 : 1;
        }
        return at;
    }

    private static int bytes(char next) {
        if (next < 0x80) {
            return 1;
        }
        return next < 0x800 ? 2 : 3;
    }
}
