package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of cell classes, here and on the cluster. {@code REPL.$JShell$} and {@code cell.XXXXXXXX} both have 13
 * bytes, so replacing one by the other keeps class files and serialisation streams valid: their lengths stand.
 */
final class CellNames {
    static final String PREFIX = "REPL/$JShell$";
    private static final byte[] DOTTED = ascii("REPL.$JShell$");
    private static final byte[] SLASHED = ascii(PREFIX);
    private static final Pattern DECLARED_IN_CELL = Pattern.compile("REPL\\.\\$JShell\\$\\d+[A-Z]*\\$?");

    private CellNames() {}

    /** JShell's class around one snippet, as opposed to a class the user declared in it. */
    static boolean isWrapper(String internalName) {
        return internalName.startsWith(PREFIX) && internalName.indexOf('$', PREFIX.length()) < 0;
    }

    static String binary(String internalName) {
        return internalName.replace('/', '.');
    }

    static boolean mentions(byte[] bytes) {
        return indexOf(bytes, DOTTED, 0) >= 0 || indexOf(bytes, SLASHED, 0) >= 0;
    }

    static byte[] rename(byte[] bytes, String id) {
        byte[] renamed = bytes.clone();
        for (byte[] prefix : List.of(DOTTED, SLASHED)) {
            byte[] replacement = ascii("cell" + (char) prefix[4] + id);
            for (int at = indexOf(renamed, prefix, 0); at >= 0; at = indexOf(renamed, prefix, at)) {
                System.arraycopy(replacement, 0, renamed, at, replacement.length);
            }
        }
        return renamed;
    }

    /** The shipped class file's path under the class folder of the session. */
    static String shippedPath(String internalName, String id) {
        return "cell/" + id + internalName.substring(PREFIX.length()) + ".class";
    }

    /** Internal names of the known cell classes that the bytes name. */
    static Set<String> mentioned(byte[] bytes, CellClasses classes) {
        Set<String> names = new TreeSet<>();
        for (byte[] prefix : List.of(DOTTED, SLASHED)) {
            for (int at = indexOf(bytes, prefix, 0); at >= 0; at = indexOf(bytes, prefix, at + 1)) {
                String name = longestKnown(bytes, at, prefix.length, classes);
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** In a stream the byte after a name may look like part of it, so the longest name that exists is meant. */
    private static String longestKnown(byte[] bytes, int start, int prefix, CellClasses classes) {
        int end = start + prefix;
        while (end < bytes.length && isNamePart(bytes[end])) {
            end++;
        }
        String name = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1).replace('.', '/');
        while (name.length() > prefix && !classes.contains(name)) {
            name = name.substring(0, name.length() - 1);
        }
        return classes.contains(name) ? name : "";
    }

    /** Class names without JShell's wrapper, for messages. */
    static String readable(String text) {
        return DECLARED_IN_CELL.matcher(text).replaceAll("");
    }

    static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i <= bytes.length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && bytes[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isNamePart(byte value) {
        char character = (char) (value & 0xff);
        return character > 31 && Character.isJavaIdentifierPart(character);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
