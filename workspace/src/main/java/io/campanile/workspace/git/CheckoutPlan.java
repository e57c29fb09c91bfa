package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.SourceFormat;
import io.campanile.workspace.objects.FoldedNames;
import io.campanile.workspace.objects.WorkingTrees;
import io.campanile.workspace.objects.WorkspacePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** What the files of a commit become in the tree: decided, and refused, before anything is written. */
final class CheckoutPlan {
    private static final int HEADER_BYTES = 128;
    private static final int LARGEST_NOTEBOOK = 10 * 1024 * 1024;
    private static final int LONGEST_PATH = 1000;
    private static final ObjectChecker NAMES =
            new ObjectChecker().setSafeForMacOS(true).setSafeForWindows(false);

    private final GitConfig config;
    private final ObjectReader reader;
    private final String prefix;
    private final List<Found> found = new ArrayList<>();
    /** Paths as the tree compares them, with all folders on the way. */
    private final Map<String, String> folded = new HashMap<>();

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Set<String> leaves = new HashSet<>();
    private final Set<String> parents = new HashSet<>();
    private int files;
    private long bytes;

    private CheckoutPlan(GitConfig config, ObjectReader reader, String prefix, Size before) {
        this.config = config;
        this.reader = reader;
        this.prefix = prefix;
        this.files = before.files();
        this.bytes = before.bytes();
    }

    /** One file of the commit. */
    record Entry(
            String gitPath, List<String> names, @Nullable Language language, ObjectId blob, int mode) {
        String treePath() {
            return String.join("/", names);
        }

        boolean isNotebook() {
            return language != null;
        }
    }

    private record Found(
            String path, List<String> names, @Nullable Language language, ObjectId blob, int mode) {}

    /**
     * A place of another repository.
     *
     * @param inner its path in the repository that has it, which is itself below another one perhaps
     */
    record Link(String path, String inner, List<String> names, ObjectId commit) {
        String treePath() {
            return String.join("/", names);
        }
    }

    /** What was planned so far counts in what is planned beside it. */
    record Size(int files, long bytes) {
        static final Size NOTHING = new Size(0, 0);
    }

    /** The files, and the places of other repositories, which are no part of it. */
    record Plan(Map<String, Entry> entries, Map<String, Link> links, Size size) {
        static final Plan EMPTY = new Plan(Map.of(), Map.of(), Size.NOTHING);
    }

    /** Plans a tree of a commit; null is a repository without any. */
    static Plan of(ObjectReader reader, @Nullable ObjectId tree, GitConfig config) {
        return tree == null ? Plan.EMPTY : below(reader, tree, "", Size.NOTHING, config);
    }

    /** Plans a tree whose paths begin with {@code prefix}. */
    static Plan below(ObjectReader reader, ObjectId tree, String prefix, Size before, GitConfig config) {
        CheckoutPlan plan = new CheckoutPlan(config, reader, prefix, before);
        return BlobErrors.guard(() -> {
            plan.read(tree);
            plan.place();
            return new Plan(plan.entries, plan.links, new Size(plan.files, plan.bytes));
        });
    }

    private void read(ObjectId tree) throws IOException {
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setRecursive(true);
            while (walk.next()) {
                String inner = walk.getPathString();
                String path = prefix + inner;
                List<String> names = names(path, inner, walk.getRawPath());
                requireOnce(names);
                FileMode mode = walk.getFileMode(0);
                if (mode == FileMode.GITLINK) {
                    count(path);
                    links.put(path, new Link(path, inner, names, walk.getObjectId(0)));
                } else if (mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE) {
                    add(path, names, walk.getObjectId(0), mode.getBits());
                } else {
                    throw refused(path, "is a symbolic link; git folders have none");
                }
            }
        }
    }

    /** A tree that was made to do harm can have a name twice, as a folder and as something else. */
    private void requireOnce(List<String> names) {
        String leaf = String.join("/", names);
        boolean twice = parents.contains(leaf) || !leaves.add(leaf);
        for (int depth = 1; depth < names.size(); depth++) {
            String parent = String.join("/", names.subList(0, depth));
            parents.add(parent);
            twice |= leaves.contains(parent);
        }
        if (twice) {
            throw refused(leaf, "is in the commit twice");
        }
    }

    private void count(String path) {
        if (++files > config.files()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    "'" + path + "': the commit has more than " + config.files() + " files (workspace.git.files)");
        }
    }

    private void add(String path, List<String> names, ObjectId blob, int mode) throws IOException {
        count(path);
        ObjectLoader loader = reader.open(blob);
        bytes += loader.getSize();
        if (loader.getSize() > config.fileLimit() || bytes > config.repositoryLimit()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    "'" + path + "' is too large: a file may have " + config.fileLimit() + " bytes, a commit "
                            + config.repositoryLimit());
        }
        found.add(new Found(path, names, language(path, loader), blob, mode));
    }

    /** The language of a notebook: by the name's ending and the first line together. */
    private static @Nullable Language language(String path, ObjectLoader loader) throws IOException {
        Optional<Language> named = Language.ofFileName(path);
        if (named.isEmpty() || loader.getSize() > LARGEST_NOTEBOOK) {
            return null;
        }
        byte[] head = new byte[HEADER_BYTES];
        int got;
        try (var in = loader.openStream()) {
            got = in.readNBytes(head, 0, HEADER_BYTES);
        }
        boolean notebook = SourceFormat.isNotebook(new String(head, 0, got, StandardCharsets.UTF_8), named.get());
        return notebook && WorkingTrees.isNotebookText(loader.getBytes(LARGEST_NOTEBOOK)) ? named.get() : null;
    }

    private List<String> names(String path, String inner, byte[] raw) {
        if (prefix.length() + raw.length > LONGEST_PATH) {
            throw refused(path, "is longer than " + LONGEST_PATH + " bytes");
        }
        if (!Arrays.equals(inner.getBytes(StandardCharsets.UTF_8), raw)) {
            throw refused(path, "is not written in UTF-8");
        }
        List<String> names = new ArrayList<>();
        for (String given : path.split("/", -1)) {
            try {
                byte[] segment = given.getBytes(StandardCharsets.UTF_8);
                NAMES.checkPathSegment(segment, 0, segment.length);
                names.add(WorkspacePath.checkName(given));
            } catch (CorruptObjectException | ApiException e) {
                throw refused(path, "has a name in it that an object cannot have");
            }
            String here = String.join("/", names);
            String before = folded.putIfAbsent(FoldedNames.fold(here), here);
            if (before != null && !before.equals(here)) {
                throw refused(path, "differs from '" + before + "' only in capitals or Unicode form");
            }
        }
        return names;
    }

    /** Notebooks lose their ending, where nothing else has the name that is left. */
    private void place() {
        Set<String> taken = new HashSet<>(folded.keySet());
        for (Found each : found) {
            List<String> names = each.names();
            if (each.language() != null) {
                List<String> plain = new ArrayList<>(names);
                String name = names.get(names.size() - 1);
                plain.set(names.size() - 1, name.substring(0, name.lastIndexOf('.')));
                boolean usable = !plain.get(names.size() - 1).isBlank();
                if (usable && taken.add(FoldedNames.fold(String.join("/", plain)))) {
                    names = List.copyOf(plain);
                }
            }
            entries.put(each.path(), new Entry(each.path(), names, each.language(), each.blob(), each.mode()));
        }
    }

    private static ApiException refused(String path, String why) {
        String shown = path.codePoints()
                .map(one -> Character.isISOControl(one) ? '?' : one)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return ApiException.invalid(
                "'" + (shown.length() > 200 ? shown.substring(0, 200) + "..." : shown) + "' " + why);
    }
}
