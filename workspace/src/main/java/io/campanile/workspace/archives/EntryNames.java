package io.campanile.workspace.archives;

import io.campanile.common.errors.ApiException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/** Names in an archive: paths downwards, and nothing else. */
final class EntryNames {
    private static final int MOST_SHOWN = 200;

    private EntryNames() {}

    /** The parts of a name, in the composed Unicode form. */
    static List<String> segments(String name) {
        String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (plain.isEmpty() || name.indexOf('\\') >= 0 || plain.startsWith("/")) {
            throw bad(name);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : plain.split("/", -1)) {
            // A name that was not in the encoding it said it was has this character.
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('\uFFFD') >= 0) {
                throw bad(name);
            }
            segments.add(Normalizer.normalize(segment, Normalizer.Form.NFC));
        }
        return segments;
    }

    static String shown(String name) {
        String plain = name.codePoints()
                .map(character -> Character.isISOControl(character) ? '?' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
    }

    private static ApiException bad(String name) {
        return ApiException.invalid("Entry '" + shown(name) + "' does not have the name of something in a folder");
    }
}
