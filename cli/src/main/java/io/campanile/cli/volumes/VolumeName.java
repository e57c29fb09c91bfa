package io.campanile.cli.volumes;

import io.campanile.cli.exit.CliFailure;

/** A volume as people name it: by its name alone, with its schema, or by the path of its files. */
record VolumeName(String catalog, String schema, String name) {
    private static final String FILES = "/Volumes/";

    /** {@code data}, {@code main.default.data} or {@code /Volumes/main/default/data}. */
    static VolumeName parse(String typed) {
        boolean path = typed.startsWith(FILES);
        String plain = path ? typed.substring(FILES.length()).replaceAll("/$", "") : typed;
        String[] names = plain.split(path ? "/" : "\\.", -1);
        for (String name : names) {
            if (name.isBlank()) {
                throw wrong(typed);
            }
        }
        if (names.length == 1 && !path) {
            return new VolumeName("main", "default", plain);
        }
        if (names.length != 3) {
            throw wrong(typed);
        }
        return new VolumeName(names[0], names[1], names[2]);
    }

    private static CliFailure wrong(String typed) {
        return CliFailure.usage(
                "'" + typed + "' is not a volume; data, main.default.data and" + " /Volumes/main/default/data are.");
    }

    @Override
    public String toString() {
        return catalog + "." + schema + "." + name;
    }
}
