package io.campanile.workspace.volumes;

import io.campanile.common.errors.ApiException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be granted on a volume. */
public enum Privilege {
    READ_VOLUME,
    WRITE_VOLUME,
    /** Renaming, deleting and granting; by itself neither reading nor writing. */
    MANAGE,
    /** Reading and writing, now and what may come. */
    ALL_PRIVILEGES;

    /** By its name on the wire; clients also write blanks and lower case. */
    static Privilege named(String text) {
        String name = text.strip().replace(' ', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(privilege -> privilege.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.invalid(
                        "Privilege " + text + " is not applicable to a volume; use " + Arrays.toString(values())));
    }

    /** Whether someone with these has this one. */
    boolean isIn(Set<Privilege> granted) {
        return granted.contains(this) || this != MANAGE && granted.contains(ALL_PRIVILEGES);
    }

    /** The form in the table of permissions, which has one short text for each principal. */
    static String written(Set<Privilege> privileges) {
        Set<Privilege> kept = EnumSet.copyOf(privileges);
        if (kept.contains(ALL_PRIVILEGES)) {
            kept.removeAll(Set.of(READ_VOLUME, WRITE_VOLUME));
        }
        return kept.stream().map(Privilege::name).collect(Collectors.joining(","));
    }

    static Set<Privilege> read(String written) {
        return Arrays.stream(written.split(","))
                .map(Privilege::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Privilege.class)));
    }
}
