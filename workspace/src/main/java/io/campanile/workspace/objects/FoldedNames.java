package io.campanile.workspace.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names as they are compared where two must not differ by capitals or Unicode form alone: in a folder, in an archive, in
 * a commit. It is Unicode's canonical caseless matching (definition D145), in the composed form: full case folding, the
 * same for every language. The table is Unicode's own, unchanged, because what a runtime knows of capitals changes with
 * it; what is in the database was folded with this one, so another one needs a migration.
 */
public final class FoldedNames {
    private static final String TABLE = "CaseFolding.txt";
    private static final Map<Integer, String> FOLDINGS = read();

    private FoldedNames() {}

    /** What is the same for all names, or paths, that differ by capitals or Unicode form alone. */
    public static String fold(String name) {
        String folded = Normalizer.normalize(name, Normalizer.Form.NFD)
                .codePoints()
                .collect(StringBuilder::new, FoldedNames::append, StringBuilder::append)
                .toString();
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    private static void append(StringBuilder folded, int character) {
        String mapped = FOLDINGS.get(character);
        if (mapped == null) {
            folded.appendCodePoint(character);
        } else {
            folded.append(mapped);
        }
    }

    /** The lines of the common (C) and the full (F) mappings: {@code 00DF; F; 0073 0073; # LATIN SMALL LETTER SHARP S}. */
    private static Map<Integer, String> read() {
        Map<Integer, String> foldings = new HashMap<>();
        for (String line : lines()) {
            String[] fields = line.split("; ?");
            if (!line.startsWith("#") && fields.length > 2 && (fields[1].equals("C") || fields[1].equals("F"))) {
                StringBuilder mapped = new StringBuilder();
                for (String code : fields[2].split(" ")) {
                    mapped.appendCodePoint(Integer.parseInt(code, 16));
                }
                foldings.put(Integer.parseInt(fields[0], 16), mapped.toString());
            }
        }
        return Map.copyOf(foldings);
    }

    private static List<String> lines() {
        try (InputStream in = FoldedNames.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException(TABLE + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
