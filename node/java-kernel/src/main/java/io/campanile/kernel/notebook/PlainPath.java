package io.campanile.kernel.notebook;

import java.util.ArrayList;
import java.util.List;

/** What people write for a path, as the one way the workspace's files know it: {@code /a/b}. */
final class PlainPath {
    private static final String SCHEME = "dbfs:";

    private PlainPath() {}

    /** Paths are absolute in the workspace, with or without {@code dbfs:} and the slash. */
    static String of(String path) {
        String plain = path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
        List<String> names = new ArrayList<>();
        for (String name : plain.split("/", -1)) {
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    throw new IllegalArgumentException("The path " + path + " leads outside the workspace's files");
                }
                names.remove(names.size() - 1);
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return "/" + String.join("/", names);
    }

    static String child(String folder, String name) {
        return folder.equals("/") ? "/" + name : folder + "/" + name;
    }

    static String parent(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /** Whether it is {@code other} or below it. */
    static boolean startsWith(String path, String other) {
        return path.equals(other) || other.equals("/") || path.startsWith(other + "/");
    }
}
