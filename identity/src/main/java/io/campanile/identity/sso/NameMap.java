package io.campanile.identity.sso;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A setting of the form {@code engineers -> Data engineers, analysts -> analysts}: the provider's names and ours. */
record NameMap(Map<String, String> names) {
    private static final int MOST = 500;

    NameMap {
        names = Map.copyOf(names);
    }

    /** {@code setting}: the name of the setting, for the message of a refusal. */
    static NameMap parse(String setting, String text) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            if (text.isBlank()) {
                break;
            }
            String[] sides = entry.split("->", -1);
            if (sides.length != 2 || sides[0].isBlank() || sides[1].isBlank()) {
                throw new IllegalArgumentException(
                        setting + " must read 'theirs -> ours, theirs -> ours', not '" + entry.strip() + "'");
            }
            if (names.putIfAbsent(bare(sides[0].strip()), sides[1].strip()) != null) {
                throw new IllegalArgumentException(setting + " names " + sides[0].strip() + " twice");
            }
        }
        if (names.size() > MOST) {
            throw new IllegalArgumentException(setting + " has more than " + MOST + " names");
        }
        return new NameMap(names);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Our names for those of the provider's that the setting has. */
    Set<String> of(Set<String> theirs) {
        return theirs.stream()
                .map(NameMap::bare)
                .filter(names::containsKey)
                .map(names::get)
                .collect(Collectors.toUnmodifiableSet());
    }

    Set<String> all() {
        return Set.copyOf(names.values());
    }

    /** Keycloak writes the path of a group, {@code /engineers}: a nested one keeps its slashes within. */
    private static String bare(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }
}
