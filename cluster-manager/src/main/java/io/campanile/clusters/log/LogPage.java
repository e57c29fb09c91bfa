package io.campanile.clusters.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A part of a log as people read it: whole lines where there are any.
 *
 * @param offset of its first byte
 * @param next where reading goes on
 * @param end whether that was the end of the log at the time
 */
record LogPage(String text, long offset, long next, boolean end) {
    private static final int LONGEST_CHARACTER = 4;

    /** {@code bytes} begin at {@code from}; {@code last}: the log has no more. */
    static LogPage of(NodeLog log, byte[] bytes, long from, boolean fromTheEnd, boolean last) {
        int begin = 0;
        if (fromTheEnd && from > log.firstOffset()) {
            begin = afterLine(bytes);
        }
        int end = last ? bytes.length : beforeLine(bytes, begin);
        String text = new String(Arrays.copyOfRange(bytes, begin, end), StandardCharsets.UTF_8);
        boolean cut = log.firstOffset() > 0 && from + begin == log.firstOffset();
        return new LogPage(cut ? thrownAway(log.firstOffset()) + text : text, from + begin, from + end, last);
    }

    static String thrownAway(long bytes) {
        return "[campanile: the first " + bytes
                + " bytes of this log were thrown away: a cluster's logs have a limit]\n";
    }

    /** After the first end of a line; where there is none, at a character. */
    private static int afterLine(byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        int at = 0;
        while (at < Math.min(LONGEST_CHARACTER, bytes.length) && continues(bytes[at])) {
            at++;
        }
        return at;
    }

    /** After the last end of a line; where there is none, before a character that may be cut. */
    private static int beforeLine(byte[] bytes, int begin) {
        for (int at = bytes.length; at > begin; at--) {
            if (bytes[at - 1] == '\n') {
                return at;
            }
        }
        int at = bytes.length;
        for (int back = 0; back < LONGEST_CHARACTER && at > begin + 1; back++) {
            at--;
            if (!continues(bytes[at])) {
                return bytes[at] >= 0 ? at + 1 : at;
            }
        }
        return bytes.length;
    }

    private static boolean continues(byte one) {
        return (one & 0xC0) == 0x80;
    }
}
