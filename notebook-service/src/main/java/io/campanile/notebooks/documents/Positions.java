package io.campanile.notebooks.documents;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fractional indexes: base-62 fractions without "0.", compared bytewise; between two there is always another. */
final class Positions {
    static final int LONGEST = 256;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Positions() {}

    /** A last digit 0 is no position: nothing fits between it and the same without the 0. */
    static boolean valid(String pos) {
        if (pos.isEmpty() || pos.length() > LONGEST || pos.endsWith("0")) {
            return false;
        }
        return pos.chars().allMatch(c -> DIGITS.indexOf(c) >= 0);
    }

    /** Strictly between {@code low} and {@code high}; null means the start or the end. */
    static String between(@Nullable String low, @Nullable String high) {
        String from = low == null ? "" : low;
        if (high != null && from.compareTo(high) >= 0) {
            throw new IllegalArgumentException("No position lies between " + low + " and " + high);
        }
        var out = new StringBuilder();
        boolean bounded = high != null;
        for (int i = 0; ; i++) {
            int x = i < from.length() ? DIGITS.indexOf(from.charAt(i)) : 0;
            int y = bounded && high != null && i < high.length() ? DIGITS.indexOf(high.charAt(i)) : DIGITS.length();
            int middle = (x + y) / 2;
            if (x < y && middle > x) {
                return out.append(DIGITS.charAt(middle)).toString();
            }
            out.append(DIGITS.charAt(x));
            // From the first digit where they differ on, only the lower bound matters.
            bounded = bounded && x == y;
        }
    }

    /** {@code count} evenly spread positions, in order. */
    static List<String> spread(int count) {
        int width = 1;
        long room = DIGITS.length();
        while (room < 4L * (count + 1)) {
            room *= DIGITS.length();
            width++;
        }
        List<String> out = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            long value = room * i / (count + 1);
            char[] digits = new char[width];
            for (int d = width - 1; d >= 0; d--) {
                digits[d] = DIGITS.charAt((int) (value % DIGITS.length()));
                value /= DIGITS.length();
            }
            // The extra digit keeps a trailing 0 away.
            out.add(new String(digits) + 'V');
        }
        return out;
    }
}
