package io.campanile.workspace.objects;

import io.campanile.common.errors.ApiException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/** A path of the tree, checked: absolute, without empty or special names; {@code /Workspace} before it means nothing. */
public record WorkspacePath(List<String> segments) {
    static final String HOMES = "Users";
    static final String SHARED = "Shared";
    public static final String REPOS = "Repos";
    static final int MAX_NAME = 256;
    private static final String ROOT_WORD = "Workspace";
    private static final int MAX_DEPTH = 64;
    private static final int MAX_LENGTH = 4096;

    public WorkspacePath {
        segments = List.copyOf(segments);
    }

    /** Reads a path from outside. */
    public static WorkspacePath parse(String text) {
        ApiException.require(text, "path");
        if (!text.startsWith("/")) {
            throw ApiException.invalid("Path (" + shown(text) + ") doesn't start with '/'");
        }
        if (text.length() > MAX_LENGTH) {
            throw ApiException.invalid("The path is longer than " + MAX_LENGTH + " characters");
        }
        List<String> names = new ArrayList<>(List.of(text.substring(1).split("/", -1)));
        if (names.get(names.size() - 1).isEmpty()) {
            names.remove(names.size() - 1);
        }
        if (!names.isEmpty() && names.get(0).equals(ROOT_WORD)) {
            names.remove(0);
        }
        if (names.size() > MAX_DEPTH) {
            throw ApiException.invalid("The path has more than " + MAX_DEPTH + " folders");
        }
        return new WorkspacePath(names.stream().map(WorkspacePath::checkName).toList());
    }

    /**
     * A name in the composed Unicode form, so that no two look alike without being the same. Refuses one that could not
     * be a part of a path, or that shows as another than it is.
     */
    public static String checkName(String given) {
        String name = Normalizer.isNormalized(given, Normalizer.Form.NFC)
                ? given
                : Normalizer.normalize(given, Normalizer.Form.NFC);
        if (name.codePoints().allMatch(WorkspacePath::isUnseen) || name.equals(".") || name.equals("..")) {
            throw ApiException.invalid("'" + name + "' is not a name an object can have");
        }
        if (name.length() > MAX_NAME) {
            throw ApiException.invalid("A name has at most " + MAX_NAME + " characters");
        }
        boolean bad = name.codePoints().anyMatch(WorkspacePath::isForbidden);
        if (bad) {
            throw ApiException.invalid("The name '" + shown(name) + "' has characters that names cannot have");
        }
        return name;
    }

    public boolean isRoot() {
        return segments.isEmpty();
    }

    /** Whether this is the folder of the home folders. */
    public boolean isHomes() {
        return segments.equals(List.of(HOMES));
    }

    /** Whether this is the folder of the git folders. */
    public boolean isRepos() {
        return segments.equals(List.of(REPOS));
    }

    /** Whether this is in the folder of the git folders. */
    public boolean isInRepos() {
        return segments.size() > 1 && segments.get(0).equals(REPOS);
    }

    /** Whether this is a home folder or in one. */
    public boolean isInHome() {
        return segments.size() > 1 && segments.get(0).equals(HOMES);
    }

    /** Whether this is the shared folder or in it. */
    public boolean isShared() {
        return !segments.isEmpty() && segments.get(0).equals(SHARED);
    }

    public int depth() {
        return segments.size();
    }

    /** The last name; of the root, nothing. */
    public String name() {
        return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    }

    WorkspacePath parent() {
        return new WorkspacePath(segments.subList(0, Math.max(0, segments.size() - 1)));
    }

    WorkspacePath child(String name) {
        List<String> longer = new ArrayList<>(segments);
        longer.add(name);
        return new WorkspacePath(longer);
    }

    @Override
    public String toString() {
        // What is called like the word that means nothing needs it before its name.
        String before = !segments.isEmpty() && segments.get(0).equals(ROOT_WORD) ? "/" + ROOT_WORD + "/" : "/";
        return before + String.join("/", segments);
    }

    private static boolean isForbidden(int character) {
        int type = Character.getType(character);
        return character == '/'
                || type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT && !isJoiner(character);
    }

    /** Of what does not show, the two that scripts and emoji are written with. */
    private static boolean isJoiner(int character) {
        return character == 0x200C || character == 0x200D;
    }

    private static boolean isUnseen(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || isJoiner(character);
    }

    private static String shown(String text) {
        String plain = text.codePoints()
                .map(character -> character != '/' && isForbidden(character) ? '?' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "...";
    }
}
