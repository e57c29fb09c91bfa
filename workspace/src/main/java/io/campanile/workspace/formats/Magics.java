package io.campanile.workspace.formats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The language magic at the beginning of a cell, taken off and put on again without changing a character between. */
final class Magics {
    private static final Pattern MAGIC = Pattern.compile("\\A%{1,2}([a-z-]+)(?=\\s|\\z)");

    private Magics() {}

    /** A source and the language it is in once its magic is taken off. */
    record Plain(Language language, String source) {}

    /**
     * Takes a language magic off. What followed it on its own line keeps its leading space, which is how
     * {@link #put} knows to write it there again; magics that name no language ({@code %sh}, {@code %run}) stay.
     */
    static Plain take(String source, Language notebook) {
        Matcher magic = MAGIC.matcher(source);
        if (!magic.find()) {
            return new Plain(notebook, source);
        }
        return Language.ofMagic(magic.group(1))
                .map(language -> {
                    String rest = source.substring(magic.end());
                    // The notebook's own language is not put on again, so its space would become an indentation.
                    boolean ends = rest.startsWith("\n") || language == notebook && rest.startsWith(" ");
                    String plain = ends ? rest.substring(1) : rest;
                    // Bare, this would be read as a cell of the language that it names next.
                    return language == notebook && names(plain)
                            ? new Plain(notebook, source)
                            : new Plain(language, plain);
                })
                .orElse(new Plain(notebook, source));
    }

    /** Whether a source begins with the magic of a language. */
    private static boolean names(String source) {
        Matcher magic = MAGIC.matcher(source);
        return magic.find() && Language.ofMagic(magic.group(1)).isPresent();
    }

    /** Puts the magic of {@code language} on. */
    static String put(Language language, String source) {
        boolean sameLine = source.length() > 1 && source.charAt(0) == ' ' && !Character.isWhitespace(source.charAt(1));
        return "%" + language.magic() + (source.isEmpty() ? "" : sameLine ? source : "\n" + source);
    }
}
