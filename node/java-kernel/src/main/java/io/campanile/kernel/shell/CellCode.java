package io.campanile.kernel.shell;

import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.CellFailedException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cell's language and its text without the magic; lines and columns stay where they were. */
record CellCode(Language language, String text) {
    private static final Pattern MAGIC = Pattern.compile("\\A(\\s*)(%%?([A-Za-z_]+))(?=\\s|\\z)");
    private static final Map<String, Language> MAGICS =
            Map.of("java", Language.JAVA, "sql", Language.SQL, "md", Language.MARKDOWN);

    /** What this kernel runs. */
    enum Language {
        JAVA,
        SQL,
        MARKDOWN
    }

    /** The magic on the first line wins over the language that came with the request. */
    static CellCode of(String code, String language) throws CellFailedException {
        Matcher magic = MAGIC.matcher(code);
        if (magic.find()) {
            Language meant = MAGICS.get(magic.group(3).toLowerCase(Locale.ROOT));
            if (meant == null) {
                throw failure("%" + magic.group(3) + " is not built yet; this kernel runs %java, %sql and %md");
            }
            String blank = " ".repeat(magic.group(2).length());
            return new CellCode(meant, magic.group(1) + blank + code.substring(magic.end()));
        }
        for (Language known : Language.values()) {
            if (known.name().equals(language)) {
                return new CellCode(known, code);
            }
        }
        throw failure(language + " cells are not built yet; this kernel runs Java, SQL and Markdown");
    }

    private static CellFailedException failure(String message) {
        return new CellFailedException(
                CellError.of("NotBuiltYet", message, CellError.Kind.COMPILE).at(1, 1));
    }
}
