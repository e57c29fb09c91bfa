package io.campanile.workspace.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a file are asked for.
 *
 * @param part false when it is all of them because nobody asked for a part
 */
public record ByteRange(long from, long length, boolean part) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** Empty when the file has none of the bytes. Several ranges, and other units, are answered with the whole file. */
    public static Optional<ByteRange> of(@Nullable String header, long size) {
        Matcher matcher = ONE.matcher(header == null ? "" : header.replace(" ", ""));
        if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return Optional.of(new ByteRange(0, size, false));
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(matcher.group(2)), size);
            return last == 0 ? Optional.empty() : Optional.of(new ByteRange(size - last, last, true));
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(matcher.group(2)), size - 1);
        if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < from) {
            return Optional.of(new ByteRange(0, size, false));
        }
        return from >= size ? Optional.empty() : Optional.of(new ByteRange(from, to - from + 1, true));
    }

    public String contentRange(long size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
