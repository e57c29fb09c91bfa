package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.workspace.blobs.BlobErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * What a commit says of its submodules. Whoever wrote it may mean harm: of all it can say only the URL of a path is
 * taken, its names lead to nothing, and of two answers none counts.
 */
final class Gitmodules {
    private static final String FILE = ".gitmodules";
    private static final String SECTION = "submodule";
    private static final int LARGEST = 256 * 1024;

    private final Map<String, List<Named>> byPath = new HashMap<>();
    private @Nullable String broken;

    private Gitmodules() {}

    private record Named(String name, String[] paths, String[] urls) {}

    static Gitmodules of(Repository git, String commit) {
        Gitmodules modules = new Gitmodules();
        try {
            modules.read(git, commit);
        } catch (ApiException e) {
            // A server that means harm leaves out what its commits are made of.
            modules.broken = FILE + " is not there";
        }
        return modules;
    }

    private void read(Repository git, String commit) {
        Optional<Commits.Blob> blob = Commits.blob(git, commit, FILE);
        blob.ifPresent(found -> BlobErrors.guard(() -> {
            ObjectLoader loader = git.open(found.id());
            if (loader.getSize() > LARGEST) {
                broken = FILE + " has more than " + LARGEST + " bytes";
            } else {
                read(new String(loader.getBytes(), StandardCharsets.UTF_8));
            }
            return true;
        }));
    }

    private void read(String text) {
        Config config = new Config();
        try {
            config.fromText(text);
        } catch (ConfigInvalidException e) {
            broken = FILE + " cannot be read";
            return;
        }
        for (String name : config.getSubsections(SECTION)) {
            Named named = new Named(
                    name, config.getStringList(SECTION, name, "path"), config.getStringList(SECTION, name, "url"));
            for (String path : named.paths()) {
                byPath.computeIfAbsent(String.valueOf(path), any -> new ArrayList<>())
                        .add(named);
            }
        }
    }

    /** The URL of the submodule at a path, as it is written; a refusal says why there is none. */
    String url(String path) {
        if (broken != null) {
            throw ApiException.invalid(broken);
        }
        List<Named> all = byPath.getOrDefault(path, List.of());
        if (all.isEmpty()) {
            throw ApiException.invalid(FILE + " does not say where it is");
        }
        Named named = all.get(0);
        if (all.size() > 1 || named.paths().length != 1 || named.urls().length > 1) {
            throw ApiException.invalid(FILE + " says more than one thing of it");
        }
        if (!isPlain(named.name())) {
            throw ApiException.invalid(FILE + " gives it a name that leads elsewhere");
        }
        if (named.urls().length == 0 || named.urls()[0] == null || named.urls()[0].isBlank()) {
            throw ApiException.invalid(FILE + " does not say where it is");
        }
        return named.urls()[0];
    }

    /** Git keeps submodules in folders of their names: a name that leads out of there is somebody's attempt at others. */
    private static boolean isPlain(String name) {
        return !name.isBlank()
                && !name.startsWith("-")
                && name.codePoints().noneMatch(Character::isISOControl)
                && List.of(name.split("[/\\\\]", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }
}
