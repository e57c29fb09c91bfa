package io.campanile.workspace.blobs;

import io.campanile.common.errors.ApiException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path of a workspace's files, checked. Both stores can keep every one of them under its own name, and no two of them
 * look alike without being the same: names are in the composed Unicode form, without what does not show.
 */
public record BlobPath(List<String> segments) {
    public static final BlobPath ROOT = new BlobPath(List.of());
    /** The first name of every path into a volume. */
    public static final String VOLUMES = "Volumes";

    private static final String SCHEME = "dbfs:";
    /** What file systems take as a name. */
    private static final int MAX_NAME_BYTES = 255;
    /** A bucket takes keys of 1024 bytes, of which the workspace's prefix needs some. */
    private static final int MAX_BYTES = 900;

    public BlobPath {
        segments = List.copyOf(segments);
    }

    /**
     * Reads a path from outside, with or without {@code dbfs:} before it and a slash behind.
     *
     * @param field what the request calls it
     */
    public static BlobPath parse(@Nullable String text, String field) {
        String path = ApiException.require(text, field);
        if (path.startsWith(SCHEME)) {
            path = path.substring(SCHEME.length());
        }
        if (!path.startsWith("/")) {
            throw ApiException.invalid(field + " must be an absolute path: it must begin with '/'");
        }
        if (path.length() > MAX_BYTES || utf8(path) > MAX_BYTES) {
            throw ApiException.invalid(field + " is longer than " + MAX_BYTES + " bytes");
        }
        if (path.equals("/")) {
            return ROOT;
        }
        List<String> names = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        if (names.get(names.size() - 1).isEmpty()) {
            names.remove(names.size() - 1);
        }
        names.forEach(name -> checkName(name, field));
        return new BlobPath(names);
    }

    /** Refuses what cannot be a name. */
    public static void checkName(String name, String field) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw ApiException.invalid(field + " has an empty name or a dot segment");
        }
        if (utf8(name) > MAX_NAME_BYTES) {
            throw ApiException.invalid(field + " has a name of more than " + MAX_NAME_BYTES + " bytes");
        }
        if (name.codePoints().anyMatch(BlobPath::isForbidden)) {
            throw ApiException.invalid(field + " has a character that names cannot have");
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            throw ApiException.invalid(field + " must be in the composed Unicode form (NFC)");
        }
    }

    static boolean isName(String name) {
        try {
            checkName(name, "name");
            return true;
        } catch (ApiException e) {
            return false;
        }
    }

    public boolean isRoot() {
        return segments.isEmpty();
    }

    /** Whether this is the folder of volumes or below it, in any case: some disks do not tell capitals apart. */
    public boolean isInVolumes() {
        return !segments.isEmpty() && segments.get(0).equalsIgnoreCase(VOLUMES);
    }

    public int depth() {
        return segments.size();
    }

    /** The last name; of the root, nothing. */
    public String name() {
        return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    }

    public BlobPath parent() {
        return new BlobPath(segments.subList(0, Math.max(0, segments.size() - 1)));
    }

    public BlobPath child(String name) {
        List<String> longer = new ArrayList<>(segments);
        longer.add(name);
        return new BlobPath(longer);
    }

    /** Whether this is {@code other} or below it. */
    public boolean startsWith(BlobPath other) {
        return segments.size() >= other.depth()
                && segments.subList(0, other.depth()).equals(other.segments);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Also what shows as nothing, or turns the writing around. */
    private static boolean isForbidden(int character) {
        int type = Character.getType(character);
        return character == '\\'
                || character == '/'
                || type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
