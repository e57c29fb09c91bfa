package io.campanile.workspace.formats;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The languages of notebooks and cells; MARKDOWN is a cell's only. */
public enum Language {
    JAVA("//", "java", "java", "text/x-java-source"),
    SCALA("//", "scala", "scala", "text/x-scala"),
    SQL("--", "sql", "sql", "application/sql"),
    PYTHON("#", "python", "py", "text/x-python"),
    R("#", "r", "r", "text/x-r-source"),
    MARKDOWN("", "md", "md", "text/markdown");

    private final String comment;
    private final String magic;
    private final String extension;
    private final String mimeType;

    Language(String comment, String magic, String extension, String mimeType) {
        this.comment = comment;
        this.magic = magic;
        this.extension = extension;
        this.mimeType = mimeType;
    }

    /** What begins a comment line, as SOURCE files mark their structure. */
    String comment() {
        return comment;
    }

    /** The magic without its percent sign. */
    String magic() {
        return magic;
    }

    /** The file extension, without the dot. */
    public String extension() {
        return extension;
    }

    String mimeType() {
        return mimeType;
    }

    /** Whether a whole notebook can be in it. */
    public boolean ofNotebooks() {
        return this != MARKDOWN;
    }

    /** The language a file name's extension stands for. */
    public static Optional<Language> ofFileName(String name) {
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        for (Language language : values()) {
            if (language.ofNotebooks() && language.extension.equals(extension)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    /** The notebook language a kernel or a metadata entry names, in any case. */
    public static Optional<Language> ofName(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "java" -> Optional.of(JAVA);
            case "scala" -> Optional.of(SCALA);
            case "sql" -> Optional.of(SQL);
            case "python", "python2", "python3", "ipython", "py" -> Optional.of(PYTHON);
            case "r", "ir" -> Optional.of(R);
            default -> Optional.empty();
        };
    }

    /** The language of a cell whose first line bears this magic (without the percent sign). */
    static Optional<Language> ofMagic(String magic) {
        return switch (magic) {
            case "md", "markdown", "md-sandbox" -> Optional.of(MARKDOWN);
            case "py" -> Optional.of(PYTHON);
            default -> {
                for (Language language : values()) {
                    if (language.magic.equals(magic)) {
                        yield Optional.of(language);
                    }
                }
                yield Optional.empty();
            }
        };
    }
}
