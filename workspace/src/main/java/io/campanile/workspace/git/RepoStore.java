package io.campanile.workspace.git;

import static io.campanile.workspace.db.Tables.GIT_BRANCH;
import static io.campanile.workspace.db.Tables.GIT_CONFLICT;
import static io.campanile.workspace.db.Tables.GIT_FILE;
import static io.campanile.workspace.db.Tables.GIT_REPO;
import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.objects.WorkingObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of git folders. Every statement names the workspace. */
public final class RepoStore {
    private final Database database;
    private final DSLContext db;

    public RepoStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.db = database.context();
    }

    /** A git folder: see the migration for what its parts mean. */
    record Repo(
            long workspaceId,
            long repoId,
            String url,
            String provider,
            @Nullable String branch,
            @Nullable String head,
            @Nullable String merging,
            long userId,
            String userName) {
        GitData.Key key() {
            return new GitData.Key(workspaceId, repoId);
        }

        /** The same at another place of its history. */
        Repo at(@Nullable String otherBranch, @Nullable String otherHead, @Nullable String otherMerging) {
            return new Repo(workspaceId, repoId, url, provider, otherBranch, otherHead, otherMerging, userId, userName);
        }
    }

    /** A file of the head and the object it became. */
    record TrackedFile(
            String gitPath,
            long objectId,
            String treePath,
            String blobId,
            int mode,
            @Nullable Long contentId,
            @Nullable String writtenId) {
        boolean isNotebook() {
            return contentId == null;
        }

        /** Whether the document has yet to get its text. */
        boolean isPending() {
            return contentId == null && writtenId == null;
        }
    }

    /** A file a merge could not decide on. */
    record Conflict(String path, boolean resolved, @Nullable String blobId) {}

    void transact(Consumer<DSLContext> work) {
        database.transact(work);
    }

    /** Empty without such a folder; {@code objects} are read in the same moment. */
    Optional<RepoSnapshot> snapshot(GitData.Key key, Function<DSLContext, List<WorkingObject>> objects) {
        return database.snapshot(tx -> find(tx, key.workspaceId(), key.repoId())
                .map(repo -> new RepoSnapshot(
                        repo,
                        branches(tx, repo),
                        files(tx, repo),
                        SubmoduleStore.list(tx, repo),
                        conflicts(tx, repo),
                        objects.apply(tx))));
    }

    void insert(DSLContext tx, Repo repo) {
        tx.insertInto(GIT_REPO)
                .set(GIT_REPO.WORKSPACE_ID, repo.workspaceId())
                .set(GIT_REPO.REPO_ID, repo.repoId())
                .set(GIT_REPO.URL, repo.url())
                .set(GIT_REPO.PROVIDER, repo.provider())
                .set(GIT_REPO.BRANCH, repo.branch())
                .set(GIT_REPO.HEAD_COMMIT, repo.head())
                .set(GIT_REPO.USER_ID, repo.userId())
                .set(GIT_REPO.USER_NAME, repo.userName())
                .execute();
    }

    Optional<Repo> find(long workspaceId, long repoId) {
        return find(db, workspaceId, repoId);
    }

    private static Optional<Repo> find(DSLContext db, long workspaceId, long repoId) {
        return db.selectFrom(GIT_REPO)
                .where(GIT_REPO.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_REPO.REPO_ID.eq(repoId))
                .fetchOptional(RepoStore::repo);
    }

    /** Git folders after an id, in the order of their ids. */
    List<Repo> page(long workspaceId, long afterId, int limit) {
        return db.selectFrom(GIT_REPO)
                .where(GIT_REPO.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_REPO.REPO_ID.gt(afterId))
                .orderBy(GIT_REPO.REPO_ID)
                .limit(limit)
                .fetch(RepoStore::repo);
    }

    /** Takes a folder from where it was to {@code after}; refused when it is not there any more. */
    void move(DSLContext tx, Caller caller, Repo before, Repo after) {
        int moved = tx.update(GIT_REPO)
                .set(GIT_REPO.BRANCH, after.branch())
                .set(GIT_REPO.HEAD_COMMIT, after.head())
                .set(GIT_REPO.MERGING, after.merging())
                .set(GIT_REPO.USER_ID, caller.userId())
                .set(GIT_REPO.USER_NAME, caller.userName())
                .where(GIT_REPO.WORKSPACE_ID.eq(before.workspaceId()))
                .and(GIT_REPO.REPO_ID.eq(before.repoId()))
                .and(GIT_REPO.HEAD_COMMIT.isNotDistinctFrom(before.head()))
                .execute();
        if (moved != 1) {
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT, "Repo " + before.repoId() + " was changed meanwhile; try again");
        }
        String branch = after.branch();
        String head = after.head();
        if (branch != null && head != null) {
            putBranch(tx, after, branch, head);
        }
    }

    void putBranch(DSLContext tx, Repo repo, String name, String commit) {
        tx.insertInto(GIT_BRANCH)
                .set(GIT_BRANCH.WORKSPACE_ID, repo.workspaceId())
                .set(GIT_BRANCH.REPO_ID, repo.repoId())
                .set(GIT_BRANCH.NAME, name)
                .set(GIT_BRANCH.COMMIT_ID, commit)
                .onConflict(GIT_BRANCH.WORKSPACE_ID, GIT_BRANCH.REPO_ID, GIT_BRANCH.NAME)
                .doUpdate()
                .set(GIT_BRANCH.COMMIT_ID, commit)
                .execute();
    }

    /** The folder's own branches and their commits. */
    Map<String, String> branches(Repo repo) {
        return branches(db, repo);
    }

    private static Map<String, String> branches(DSLContext db, Repo repo) {
        return db.select(GIT_BRANCH.NAME, GIT_BRANCH.COMMIT_ID)
                .from(GIT_BRANCH)
                .where(GIT_BRANCH.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_BRANCH.REPO_ID.eq(repo.repoId()))
                .orderBy(GIT_BRANCH.NAME)
                .fetchMap(GIT_BRANCH.NAME, GIT_BRANCH.COMMIT_ID);
    }

    List<SubmoduleStore.Submodule> submodules(Repo repo) {
        return SubmoduleStore.list(db, repo);
    }

    List<TrackedFile> files(Repo repo) {
        return files(db, repo);
    }

    private static List<TrackedFile> files(DSLContext db, Repo repo) {
        return db.selectFrom(GIT_FILE)
                .where(GIT_FILE.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_FILE.REPO_ID.eq(repo.repoId()))
                .orderBy(GIT_FILE.GIT_PATH)
                .fetch(row -> new TrackedFile(
                        row.getGitPath(),
                        row.getObjectId(),
                        row.getTreePath(),
                        row.getBlobId(),
                        row.getMode(),
                        row.getContentId(),
                        row.getWrittenId()));
    }

    /** Puts rows in the place of those of the same paths. */
    void putFiles(DSLContext tx, Repo repo, List<TrackedFile> files) {
        dropFiles(tx, repo, files.stream().map(TrackedFile::gitPath).toList());
        tx.batchInsert(files.stream()
                        .map(file -> {
                            var row = tx.newRecord(GIT_FILE);
                            row.setWorkspaceId(repo.workspaceId());
                            row.setRepoId(repo.repoId());
                            row.setGitPath(file.gitPath());
                            row.setObjectId(file.objectId());
                            row.setTreePath(file.treePath());
                            row.setBlobId(file.blobId());
                            row.setMode(file.mode());
                            row.setContentId(file.contentId());
                            row.setWrittenId(file.writtenId());
                            return row;
                        })
                        .toList())
                .execute();
    }

    void dropFiles(DSLContext tx, Repo repo, Collection<String> paths) {
        tx.deleteFrom(GIT_FILE)
                .where(GIT_FILE.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_FILE.REPO_ID.eq(repo.repoId()))
                .and(GIT_FILE.GIT_PATH.eq(DSL.any(paths.toArray(String[]::new))))
                .execute();
    }

    /** The document of a notebook has its text. */
    void written(Repo repo, TrackedFile file, String writtenId) {
        db.update(GIT_FILE)
                .set(GIT_FILE.WRITTEN_ID, writtenId)
                .where(GIT_FILE.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_FILE.REPO_ID.eq(repo.repoId()))
                .and(GIT_FILE.GIT_PATH.eq(file.gitPath()))
                .and(GIT_FILE.OBJECT_ID.eq(file.objectId()))
                .and(GIT_FILE.BLOB_ID.eq(file.blobId()))
                .execute();
    }

    /** Whether a document has yet to get its text. */
    boolean anyPending(long workspaceId, long repoId) {
        return db.fetchExists(
                GIT_FILE,
                GIT_FILE.WORKSPACE_ID
                        .eq(workspaceId)
                        .and(GIT_FILE.REPO_ID.eq(repoId))
                        .and(GIT_FILE.CONTENT_ID.isNull())
                        .and(GIT_FILE.WRITTEN_ID.isNull()));
    }

    List<Conflict> conflicts(Repo repo) {
        return conflicts(db, repo);
    }

    private static List<Conflict> conflicts(DSLContext db, Repo repo) {
        return db.select(GIT_CONFLICT.GIT_PATH, GIT_CONFLICT.RESOLVED, GIT_CONFLICT.BLOB_ID)
                .from(GIT_CONFLICT)
                .where(GIT_CONFLICT.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_CONFLICT.REPO_ID.eq(repo.repoId()))
                .orderBy(GIT_CONFLICT.GIT_PATH)
                .fetch(row -> new Conflict(row.value1(), row.value2(), row.value3()));
    }

    void putConflict(DSLContext tx, Repo repo, Conflict conflict) {
        tx.insertInto(GIT_CONFLICT)
                .set(GIT_CONFLICT.WORKSPACE_ID, repo.workspaceId())
                .set(GIT_CONFLICT.REPO_ID, repo.repoId())
                .set(GIT_CONFLICT.GIT_PATH, conflict.path())
                .set(GIT_CONFLICT.RESOLVED, conflict.resolved())
                .set(GIT_CONFLICT.BLOB_ID, conflict.blobId())
                .onConflict(GIT_CONFLICT.WORKSPACE_ID, GIT_CONFLICT.REPO_ID, GIT_CONFLICT.GIT_PATH)
                .doUpdate()
                .set(GIT_CONFLICT.RESOLVED, conflict.resolved())
                .set(GIT_CONFLICT.BLOB_ID, conflict.blobId())
                .execute();
    }

    void dropConflicts(DSLContext tx, Repo repo) {
        tx.deleteFrom(GIT_CONFLICT)
                .where(GIT_CONFLICT.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_CONFLICT.REPO_ID.eq(repo.repoId()))
                .execute();
    }

    private static Repo repo(Record row) {
        return new Repo(
                row.get(GIT_REPO.WORKSPACE_ID),
                row.get(GIT_REPO.REPO_ID),
                row.get(GIT_REPO.URL),
                row.get(GIT_REPO.PROVIDER),
                row.get(GIT_REPO.BRANCH),
                row.get(GIT_REPO.HEAD_COMMIT),
                row.get(GIT_REPO.MERGING),
                row.get(GIT_REPO.USER_ID),
                row.get(GIT_REPO.USER_NAME));
    }
}
