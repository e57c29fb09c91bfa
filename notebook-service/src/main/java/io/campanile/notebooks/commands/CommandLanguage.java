package io.campanile.notebooks.commands;

import io.campanile.common.errors.ApiException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The languages of the kernel that every cluster has. Its name is the language of a cell. */
enum CommandLanguage {
    JAVA,
    SQL;

    /** 400 for what no kernel runs. */
    static CommandLanguage of(String wire) {
        return Arrays.stream(values())
                .filter(language -> language.wire().equals(wire.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> ApiException.invalid("language " + shortened(wire)
                        + " has no kernel on this cluster; it can be "
                        + Arrays.stream(values()).map(CommandLanguage::wire).collect(Collectors.joining(" or "))));
    }

    /** The word of the public API. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String wire) {
        return wire.length() <= 40 ? wire : wire.substring(0, 40) + "...";
    }
}
