package io.campanile.workspace.git;

import static io.campanile.workspace.db.Tables.GIT_SUBMODULE;

import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** All SQL of submodules. Every statement names the workspace. */
final class SubmoduleStore {
    private static final int LONGEST_REASON = 512;

    private SubmoduleStore() {}

    /**
     * Another repository in a commit.
     *
     * @param url null where the commit says none that can be used
     * @param reason why it was not fetched; null: it was
     */
    record Submodule(
            String path,
            String treePath,
            String commit,
            @Nullable String url,
            @Nullable String reason) {
        Submodule {
            if (reason != null && reason.length() > LONGEST_REASON) {
                reason = reason.substring(0, LONGEST_REASON - 3) + "...";
            }
        }

        List<String> names() {
            return List.of(treePath.split("/"));
        }

        boolean isFetched() {
            return reason == null;
        }
    }

    static List<Submodule> list(DSLContext db, RepoStore.Repo repo) {
        return db.selectFrom(GIT_SUBMODULE)
                .where(GIT_SUBMODULE.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_SUBMODULE.REPO_ID.eq(repo.repoId()))
                .orderBy(GIT_SUBMODULE.GIT_PATH)
                .fetch(row -> new Submodule(
                        row.getGitPath(), row.getTreePath(), row.getCommitId(), row.getUrl(), row.getReason()));
    }

    /** Puts these in the place of all there were. */
    static void replace(DSLContext tx, RepoStore.Repo repo, List<Submodule> submodules) {
        tx.deleteFrom(GIT_SUBMODULE)
                .where(GIT_SUBMODULE.WORKSPACE_ID.eq(repo.workspaceId()))
                .and(GIT_SUBMODULE.REPO_ID.eq(repo.repoId()))
                .execute();
        tx.batchInsert(submodules.stream()
                        .map(submodule -> {
                            var row = tx.newRecord(GIT_SUBMODULE);
                            row.setWorkspaceId(repo.workspaceId());
                            row.setRepoId(repo.repoId());
                            row.setGitPath(submodule.path());
                            row.setTreePath(submodule.treePath());
                            row.setCommitId(submodule.commit());
                            row.setUrl(submodule.url());
                            row.setReason(submodule.reason());
                            return row;
                        })
                        .toList())
                .execute();
    }
}
