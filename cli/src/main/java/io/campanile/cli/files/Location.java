package io.campanile.cli.files;

import io.campanile.cli.exit.CliFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a file is: in DBFS, in a volume, or on this machine. */
record Location(Place place, String path) {
    private static final String VOLUMES = "/Volumes";

    enum Place {
        DBFS,
        VOLUME,
        LOCAL
    }

    /** {@code dbfs:/...}, {@code /Volumes/...}; all else is of this machine, as is {@code file:...}. */
    static Location parse(String typed) {
        if (typed.startsWith("dbfs:")) {
            String path = typed.substring(5);
            if (!path.startsWith("/")) {
                throw CliFailure.usage("'" + typed + "' needs a slash: dbfs:/" + path);
            }
            return inVolumes(path) ? volume(path) : new Location(Place.DBFS, trimmed(path));
        }
        if (inVolumes(typed)) {
            return volume(typed);
        }
        String local = typed.startsWith("file:") ? typed.substring(5) : typed;
        try {
            return new Location(Place.LOCAL, Path.of(local).toString());
        } catch (InvalidPathException e) {
            throw CliFailure.usage("'" + typed + "' is not a path: " + e.getReason());
        }
    }

    /** A path that must be on the server. */
    static Location remote(String typed) {
        Location location = parse(typed);
        if (location.place() == Place.LOCAL) {
            throw CliFailure.usage("'" + typed + "' is not on the server: paths there begin with dbfs:/ or /Volumes/.");
        }
        return location;
    }

    boolean local() {
        return place == Place.LOCAL;
    }

    Path file() {
        return Path.of(path);
    }

    Location child(String name) {
        String longer = local() ? file().resolve(name).toString() : path.equals("/") ? "/" + name : path + "/" + name;
        return new Location(place, longer);
    }

    String name() {
        return local()
                ? String.valueOf(file().toAbsolutePath().normalize().getFileName())
                : path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return place == Place.DBFS ? "dbfs:" + path : path;
    }

    /** The folder of all volumes is among them, with or without its slash. */
    private static boolean inVolumes(String path) {
        return path.equals(VOLUMES) || path.startsWith(VOLUMES + "/");
    }

    private static Location volume(String path) {
        return new Location(Place.VOLUME, trimmed(path));
    }

    private static String trimmed(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
