package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Where a working tree is, or is to be. */
public final class RepoSpot {
    private final long repoId;
    private final @Nullable Located parent;
    private final @Nullable String name;

    private RepoSpot(long repoId, @Nullable Located parent, @Nullable String name) {
        this.repoId = repoId;
        this.parent = parent;
        this.name = name;
    }

    /** A git folder that is there. */
    public static RepoSpot existing(long repoId) {
        return new RepoSpot(repoId, null, null);
    }

    static RepoSpot fresh(long repoId, Located parent, String name) {
        return new RepoSpot(repoId, requireNonNull(parent, "parent"), requireNonNull(name, "name"));
    }

    public long repoId() {
        return repoId;
    }

    boolean isFresh() {
        return parent != null;
    }

    Located parent() {
        return requireNonNull(parent, "parent");
    }

    String name() {
        return requireNonNull(name, "name");
    }

    /** Of a folder that is to be made. */
    public String path() {
        return parent().path().child(name()).toString();
    }
}
