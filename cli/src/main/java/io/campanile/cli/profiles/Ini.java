package io.campanile.cli.profiles;

import io.campanile.cli.exit.CliFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The text of a file of profiles, line by line: comments and what is not known stay where they are. */
record Ini(List<String> lines) {
    Ini {
        lines = List.copyOf(lines);
    }

    static Ini parse(String text) {
        return new Ini(text.isEmpty() ? List.of() : text.lines().toList());
    }

    List<Profile> profiles() {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> section = null;
        for (int number = 0; number < lines.size(); number++) {
            String line = lines.get(number).strip();
            Optional<String> heading = heading(line);
            if (heading.isPresent()) {
                section = sections.computeIfAbsent(heading.get(), name -> new LinkedHashMap<>());
            } else if (!line.isEmpty() && !comment(line)) {
                int equals = line.indexOf('=');
                if (equals < 1 || section == null) {
                    throw CliFailure.failed(
                            "Line " + (number + 1) + " of the profiles is neither [name], key = value nor a comment.");
                }
                section.put(key(line), line.substring(equals + 1).strip());
            }
        }
        List<Profile> profiles = new ArrayList<>();
        sections.forEach((name, values) -> profiles.add(new Profile(name, values)));
        return profiles;
    }

    /** The same lines with the profile's values: changed in place, new ones at the end of its section. */
    Ini with(Profile profile) {
        List<String> changed = new ArrayList<>();
        Map<String, String> missing = new LinkedHashMap<>();
        profile.values().keySet().stream()
                .sorted()
                .forEach(key -> missing.put(key, profile.values().get(key)));
        boolean inside = false;
        boolean found = false;
        for (String line : lines) {
            Optional<String> heading = heading(line.strip());
            if (heading.isPresent()) {
                if (inside) {
                    append(changed, missing);
                }
                inside = heading.get().equals(profile.name());
                found |= inside;
            } else if (inside && value(line.strip())) {
                String value = missing.remove(key(line.strip()));
                if (value != null) {
                    changed.add(key(line.strip()) + " = " + value);
                }
                continue;
            }
            changed.add(line);
        }
        if (!found) {
            if (!changed.isEmpty()) {
                changed.add("");
            }
            changed.add("[" + profile.name() + "]");
        }
        if (inside || !found) {
            append(changed, missing);
        }
        return new Ini(changed);
    }

    Ini without(String name) {
        List<String> kept = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            Optional<String> heading = heading(line.strip());
            inside = heading.map(name::equals).orElse(inside);
            if (!inside) {
                kept.add(line);
            }
        }
        return new Ini(kept);
    }

    String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** Before the blank lines and comments that belong to the next section. */
    private static void append(List<String> lines, Map<String, String> missing) {
        int end = lines.size();
        while (end > 0
                && (lines.get(end - 1).isBlank() || comment(lines.get(end - 1).strip()))) {
            end--;
        }
        List<String> added = new ArrayList<>();
        missing.forEach((key, value) -> added.add(key + " = " + value));
        lines.addAll(end, added);
        missing.clear();
    }

    private static Optional<String> heading(String line) {
        return line.startsWith("[") && line.endsWith("]")
                ? Optional.of(line.substring(1, line.length() - 1).strip())
                : Optional.empty();
    }

    private static boolean comment(String line) {
        return line.startsWith("#") || line.startsWith(";");
    }

    private static boolean value(String line) {
        return !comment(line) && line.indexOf('=') > 0;
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf('=')).strip().toLowerCase(Locale.ROOT);
    }
}
