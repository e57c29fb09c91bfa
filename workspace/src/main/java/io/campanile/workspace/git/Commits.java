package io.campanile.workspace.git;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.blobs.BlobErrors;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.RevWalkUtils;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** What is asked of commits, without any state. */
final class Commits {
    private Commits() {}

    static ObjectId tree(Repository git, String commit) {
        return BlobErrors.guard(() -> {
            try (RevWalk walk = new RevWalk(git)) {
                return walk.parseCommit(ObjectId.fromString(commit)).getTree().getId();
            }
        });
    }

    /** The commit a ref leads to, through a tag too. */
    static Optional<String> at(Repository git, String ref) {
        return BlobErrors.guard(() -> {
            Ref found = git.getRefDatabase().exactRef(ref);
            if (found == null || found.getObjectId() == null) {
                return Optional.empty();
            }
            try (RevWalk walk = new RevWalk(git)) {
                return walk.peel(walk.parseAny(found.getObjectId())) instanceof RevCommit commit
                        ? Optional.of(commit.name())
                        : Optional.empty();
            }
        });
    }

    /** Whether {@code later} has everything that {@code earlier} has. */
    static boolean contains(Repository git, String later, String earlier) {
        return BlobErrors.guard(() -> {
            try (RevWalk walk = new RevWalk(git)) {
                return walk.isMergedInto(
                        walk.parseCommit(ObjectId.fromString(earlier)), walk.parseCommit(ObjectId.fromString(later)));
            }
        });
    }

    /** How many commits {@code of} has that {@code without} has not. */
    static int count(Repository git, String of, String without) {
        return BlobErrors.guard(() -> {
            try (RevWalk walk = new RevWalk(git)) {
                RevCommit start = walk.parseCommit(ObjectId.fromString(of));
                RevCommit end = walk.parseCommit(ObjectId.fromString(without));
                return RevWalkUtils.count(walk, start, end);
            }
        });
    }

    /** The commit two branches have in common; empty when they have none. */
    static Optional<String> base(Repository git, String one, String other) {
        return BlobErrors.guard(() -> {
            try (RevWalk walk = new RevWalk(git)) {
                walk.setRevFilter(RevFilter.MERGE_BASE);
                walk.markStart(walk.parseCommit(ObjectId.fromString(one)));
                walk.markStart(walk.parseCommit(ObjectId.fromString(other)));
                RevCommit base = walk.next();
                return Optional.ofNullable(base).map(RevCommit::name);
            }
        });
    }

    /** The file of a commit at a path. */
    static Optional<Blob> blob(Repository git, @Nullable String commit, String path) {
        return entry(git, commit, path).filter(found -> found.mode() != FileMode.GITLINK.getBits());
    }

    /** The file or the submodule of a commit at a path. */
    static Optional<Blob> entry(Repository git, @Nullable String commit, String path) {
        if (commit == null || path.isEmpty()) {
            return Optional.empty();
        }
        return BlobErrors.guard(() -> {
            try (ObjectReader reader = git.newObjectReader();
                    TreeWalk walk = TreeWalk.forPath(reader, path, tree(git, commit))) {
                return walk == null || walk.getFileMode(0) == FileMode.TREE
                        ? Optional.empty()
                        : Optional.of(new Blob(
                                walk.getObjectId(0), walk.getFileMode(0).getBits()));
            }
        });
    }

    /** The paths where a commit has other repositories, and the commits of those. */
    static Map<String, String> links(Repository git, @Nullable String commit) {
        Map<String, String> found = new TreeMap<>();
        if (commit == null) {
            return found;
        }
        return BlobErrors.guard(() -> {
            try (TreeWalk walk = new TreeWalk(git)) {
                walk.addTree(tree(git, commit));
                walk.setRecursive(true);
                while (walk.next()) {
                    if (walk.getFileMode(0) == FileMode.GITLINK) {
                        found.put(walk.getPathString(), walk.getObjectId(0).name());
                    }
                }
            }
            return found;
        });
    }

    /** A content and the mode it has in a commit. */
    record Blob(ObjectId id, int mode) {}

    /** Writes a commit. */
    static String write(
            ObjectInserter inserter, ObjectId tree, List<String> parents, String message, PersonIdent person) {
        return BlobErrors.guard(() -> {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree);
            commit.setParentIds(parents.stream().map(ObjectId::fromString).toList());
            commit.setAuthor(person);
            commit.setCommitter(person);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id.name();
        });
    }

    /** Who commits. */
    static PersonIdent person(Caller caller, @Nullable String email, Instant now) {
        return new PersonIdent(caller.userName(), email == null ? caller.userName() : email, now, ZoneOffset.UTC);
    }
}
