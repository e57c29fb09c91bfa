package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ADMIN;
import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.BOB;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.STRANGER;
import static io.campanile.workspace.GitFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.CreateRepoRequest;
import com.databricks.sdk.service.workspace.CreateRepoResponse;
import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.GetRepoResponse;
import com.databricks.sdk.service.workspace.Language;
import com.databricks.sdk.service.workspace.ListReposRequest;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.databricks.sdk.service.workspace.ObjectType;
import com.databricks.sdk.service.workspace.RepoAccessControlRequest;
import com.databricks.sdk.service.workspace.RepoInfo;
import com.databricks.sdk.service.workspace.RepoPermissionLevel;
import com.databricks.sdk.service.workspace.RepoPermissionsRequest;
import com.databricks.sdk.service.workspace.SparseCheckout;
import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import io.campanile.common.auth.Caller;
import io.campanile.common.testing.git.LocalGitServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Git folders as the unmodified Java SDK makes and moves them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReposApiTest {
    private static final String NOTEBOOK = "# Databricks notebook source\nprint(1)\n";
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(dataDir, GitFixture.config());
        it.credential(ALICE);
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void aCloneIsAFolderOfNotebooksAndFiles() throws Exception {
        it.git.make("shop");
        String odd = "// Databricks notebook source\r\nint x = 1;\r\n// COMMAND ----------\r\nx";
        String head = it.git.commit(
                "shop",
                "main",
                Map.of("README.md", "# Shop\n", "etl/load.py", NOTEBOOK, "etl/lib.py", "x = 1\n", "Odd.java", odd));

        CreateRepoResponse made = it.cloned(ALICE, "shop");

        assertThat(made.getPath()).isEqualTo(REPOS + "/shop");
        assertThat(made.getBranch()).isEqualTo("main");
        assertThat(made.getHeadCommitId()).isEqualTo(head);
        assertThat(made.getProvider()).isEqualTo("gitHub");
        assertThat(made.getUrl()).isEqualTo(it.git.url("shop"));
        ObjectInfo folder = it.api(ALICE).workspace().getStatus(REPOS + "/shop");
        assertThat(folder.getObjectType()).isEqualTo(ObjectType.REPO);
        assertThat(folder.getObjectId()).isEqualTo(made.getId());
        assertThat(it.listed(ALICE, REPOS)).contains("REPO " + REPOS + "/shop");
        assertThat(it.listed(ALICE, REPOS + "/shop"))
                .containsExactlyInAnyOrder(
                        "DIRECTORY " + REPOS + "/shop/etl",
                        "FILE " + REPOS + "/shop/README.md",
                        "NOTEBOOK " + REPOS + "/shop/Odd");
        assertThat(it.listed(ALICE, REPOS + "/shop/etl"))
                .containsExactlyInAnyOrder(
                        "FILE " + REPOS + "/shop/etl/lib.py", "NOTEBOOK " + REPOS + "/shop/etl/load");
        assertThat(it.api(ALICE).workspace().getStatus(REPOS + "/shop/etl/load").getLanguage())
                .isEqualTo(Language.PYTHON);
        assertThat(it.exported(ALICE, REPOS + "/shop/etl/load")).isEqualTo(NOTEBOOK);
        assertThat(it.exported(ALICE, REPOS + "/shop/README.md")).isEqualTo("# Shop\n");
        // Nothing was changed, also where the form of a file is not the one notebooks are written in.
        assertThat(it.changes(ALICE, made.getId())).isEmpty();
        GetRepoResponse found = it.api(ALICE).repos().get(made.getId());
        assertThat(found.getPath()).isEqualTo(made.getPath());
        assertThat(found.getHeadCommitId()).isEqualTo(head);
        assertThat(it.count("select count(*) from audit_event where action = 'repos.create' and resource = 'repo/"
                        + made.getId() + "' and outcome = 'DONE'"))
                .isOne();
        assertThat(it.text("select string_agg(details::text, '') from audit_event"))
                .doesNotContain(LocalGitServer.TOKEN);
    }

    @Test
    void peopleWhoseNamesDifferByCapitalsCloneIntoFoldersOfTheirOwn() throws Exception {
        it.git.make("both");
        it.git.commit("both", "main", Map.of("a.txt", "1"));
        Caller first = new Caller(1, 601, "stra\u00dfe@example.com", false, null, "request-1");
        Caller second = new Caller(1, 602, "Strasse@example.com", false, null, "request-1");
        it.credential(first);
        it.credential(second);

        assertThat(it.cloned(first, "both").getPath()).isEqualTo("/Repos/stra\u00dfe@example.com/both");
        assertThat(it.cloned(second, "both").getPath()).isEqualTo("/Repos/Strasse@example.com-602/both");
        assertThat(it.exported(second, "/Repos/Strasse@example.com-602/both/a.txt"))
                .isEqualTo("1");
        refused(() -> it.exported(first, "/Repos/Strasse@example.com-602/both/a.txt"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void namesChangeTheirCapitalsFromCommitToCommit() throws Exception {
        it.git.make("capitals");
        it.git.commit("capitals", "main", Map.of("a.txt", "1", "dir/deep/b.txt", "2", "kept/c.txt", "3"));
        long repo = it.cloned(ALICE, "capitals").getId();
        long kept =
                it.api(ALICE).workspace().getStatus(REPOS + "/capitals/kept").getObjectId();
        Map<String, String> changes =
                new HashMap<>(Map.of("A.txt", "1", "Dir/deep/b.txt", "2", "kept/C.txt", "3", "Extra.txt", "4"));
        changes.put("a.txt", null);
        changes.put("dir/deep/b.txt", null);
        changes.put("kept/c.txt", null);
        String second = it.git.commit("capitals", "main", changes);
        it.put(ALICE, REPOS + "/capitals/extra.TXT", "mine");

        refused(
                        () -> it.api(ALICE)
                                .repos()
                                .update(new UpdateRepoRequest().setRepoId(repo).setBranch("main")),
                        409,
                        "RESOURCE_CONFLICT")
                .hasMessageContaining("'Extra.txt' is in the way")
                .hasMessageContaining("'extra.TXT' differs by capitals alone");
        assertThat(it.listed(ALICE, REPOS + "/capitals"))
                .contains("FILE " + REPOS + "/capitals/a.txt", "DIRECTORY " + REPOS + "/capitals/dir");
        it.api(ALICE).workspace().delete(new Delete().setPath(REPOS + "/capitals/extra.TXT"));
        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("main"));

        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(second);
        assertThat(it.listed(ALICE, REPOS + "/capitals"))
                .containsExactlyInAnyOrder(
                        "FILE " + REPOS + "/capitals/A.txt",
                        "FILE " + REPOS + "/capitals/Extra.txt",
                        "DIRECTORY " + REPOS + "/capitals/Dir",
                        "DIRECTORY " + REPOS + "/capitals/kept");
        assertThat(it.exported(ALICE, REPOS + "/capitals/Dir/deep/b.txt")).isEqualTo("2");
        assertThat(it.api(ALICE).workspace().getStatus(REPOS + "/capitals/kept").getObjectId())
                .isEqualTo(kept);
        assertThat(it.changes(ALICE, repo)).isEmpty();
        refused(
                        () -> it.api(ALICE)
                                .repos()
                                .create(new CreateRepoRequest()
                                        .setUrl(it.git.url("capitals"))
                                        .setProvider("gitHub")
                                        .setPath(REPOS + "/CAPITALS")),
                        409,
                        "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("'capitals', which differs by capitals alone");
    }

    @Test
    void aFolderGoesToABranchAndToATag() throws Exception {
        it.git.make("tags");
        String first = it.git.commit("tags", "main", Map.of("a.txt", "1", "gone.txt", "x", "n.py", NOTEBOOK));
        it.git.ref("tags", "refs/tags/v1", first);
        long repo = it.cloned(ALICE, "tags").getId();
        long notebook = it.api(ALICE).workspace().getStatus(REPOS + "/tags/n").getObjectId();
        Map<String, String> changes = new HashMap<>(Map.of("a.txt", "2", "n.py", NOTEBOOK + "\nprint(2)\n"));
        changes.put("gone.txt", null);
        String second = it.git.commit("tags", "main", changes);
        it.git.ref("tags", "refs/heads/side", second);
        String third = it.git.commit("tags", "side", Map.of("deep/er/side.txt", "s"));

        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("main"));

        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(second);
        assertThat(it.exported(ALICE, REPOS + "/tags/a.txt")).isEqualTo("2");
        assertThat(it.exported(ALICE, REPOS + "/tags/n")).contains("print(2)");
        assertThat(it.api(ALICE).workspace().getStatus(REPOS + "/tags/n").getObjectId())
                .as("a notebook keeps its id, and who has it open sees the change")
                .isEqualTo(notebook);
        refused(() -> it.api(ALICE).workspace().getStatus(REPOS + "/tags/gone.txt"), 404, "RESOURCE_DOES_NOT_EXIST");

        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("side"));
        assertThat(it.api(ALICE).repos().get(repo).getBranch()).isEqualTo("side");
        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(third);
        assertThat(it.exported(ALICE, REPOS + "/tags/deep/er/side.txt")).isEqualTo("s");

        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setTag("v1"));
        assertThat(it.api(ALICE).repos().get(repo).getBranch()).isNull();
        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(first);
        assertThat(it.exported(ALICE, REPOS + "/tags/gone.txt")).isEqualTo("x");
        refused(() -> it.api(ALICE).workspace().getStatus(REPOS + "/tags/deep"), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.changes(ALICE, repo)).isEmpty();
        assertThat(it.count("select count(*) from audit_event where action = 'repos.update' and resource = 'repo/"
                        + repo + "'"))
                .isEqualTo(3);
    }

    @Test
    void whatWasNotCommittedIsNotLost() throws Exception {
        it.git.make("dirty");
        it.git.commit("dirty", "main", Map.of("a.txt", "1", "b.txt", "1", "n.py", NOTEBOOK));
        long repo = it.cloned(ALICE, "dirty").getId();
        String place = REPOS + "/dirty/";
        it.git.commit("dirty", "main", Map.of("a.txt", "2", "new.txt", "server"));
        it.put(ALICE, place + "a.txt", "mine");
        it.put(ALICE, place + "b.txt", "mine too");
        UpdateRepoRequest main = new UpdateRepoRequest().setRepoId(repo).setBranch("main");

        refused(() -> it.api(ALICE).repos().update(main), 409, "RESOURCE_CONFLICT")
                .hasMessageContaining("a.txt");
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("mine");

        it.put(ALICE, place + "a.txt", "1");
        it.put(ALICE, place + "new.txt", "in the way");
        refused(() -> it.api(ALICE).repos().update(main), 409, "RESOURCE_CONFLICT")
                .hasMessageContaining("new.txt");

        it.api(ALICE).workspace().delete(new Delete().setPath(place + "new.txt"));
        it.api(ALICE).repos().update(main);
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("2");
        assertThat(it.exported(ALICE, place + "b.txt")).isEqualTo("mine too");
        assertThat(it.changes(ALICE, repo)).containsExactly("MODIFIED b.txt");

        it.put(ALICE, place + "extra.txt", "new");
        it.api(ALICE).repos().update(main.setDangerouslyForceDiscardAll(true));
        assertThat(it.exported(ALICE, place + "b.txt")).isEqualTo("1");
        assertThat(it.changes(ALICE, repo)).isEmpty();
        refused(() -> it.api(ALICE).workspace().getStatus(place + "extra.txt"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void reposAreListedPageByPageAndByPrefix() throws Exception {
        it.git.make("many");
        it.git.commit("many", "main", Map.of("a.txt", "1"));
        it.api(ALICE).workspace().mkdirs(REPOS + "/list");
        for (int i = 0; i < 23; i++) {
            it.api(ALICE)
                    .repos()
                    .create(new CreateRepoRequest()
                            .setUrl(it.git.url("many"))
                            .setProvider("GITHUB")
                            .setPath(REPOS + "/list/r" + i));
        }
        it.api(ALICE)
                .repos()
                .create(new CreateRepoRequest()
                        .setUrl(it.git.url("many"))
                        .setProvider("gitHub")
                        .setPath("/Workspace/Users/alice@example.com/home repo"));

        assertThat(paths(ALICE, new ListReposRequest().setPathPrefix(REPOS + "/list/")))
                .hasSize(23);
        assertThat(paths(ALICE, new ListReposRequest().setPathPrefix("/Workspace" + REPOS + "/list/r22")))
                .containsExactly(REPOS + "/list/r22");
        assertThat(paths(ALICE, new ListReposRequest().setPathPrefix("/Users")))
                .containsExactly("/Users/alice@example.com/home repo");
        assertThat(paths(ALICE, new ListReposRequest()))
                .allMatch(path -> path.startsWith("/Repos/"))
                .hasSizeGreaterThan(22);
        assertThat(paths(BOB, new ListReposRequest())).isEmpty();
        assertThat(paths(STRANGER, new ListReposRequest())).isEmpty();
        refused(() -> paths(ALICE, new ListReposRequest().setNextPageToken("x")), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> paths(ALICE, new ListReposRequest().setPathPrefix("x")), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void aDeletedFolderLeavesNothing() throws Exception {
        it.git.make("short");
        it.git.commit("short", "main", Map.of("a.txt", "1", "n.py", NOTEBOOK));
        long repo = it.cloned(ALICE, "short").getId();
        Path objects = it.dataDir.resolve("git/1/" + repo);
        assertThat(objects).isDirectory();

        it.api(ALICE).repos().delete(repo);

        refused(() -> it.api(ALICE).repos().get(repo), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).repos().delete(repo), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).workspace().getStatus(REPOS + "/short"), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(Files.exists(objects)).isFalse();
        assertThat(it.count("select count(*) from git_file where repo_id = " + repo))
                .isZero();
        assertThat(it.count("select count(*) from audit_event where action = 'repos.delete' and resource = 'repo/"
                        + repo + "'"))
                .isOne();
    }

    @Test
    void badRequestsNameTheField() throws Exception {
        it.git.make("taken");
        it.git.commit("taken", "main", Map.of("a.txt", "1"));
        long repo = it.cloned(ALICE, "taken").getId();

        refused(() -> it.cloned(ALICE, "taken"), 409, "RESOURCE_ALREADY_EXISTS").hasMessageContaining(REPOS + "/taken");
        refused(() -> create("ssh://git@host/a.git", null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("url");
        refused(() -> create("file:///etc", null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("url");
        refused(() -> create("ext::sh -c id", null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("url");
        refused(() -> create("http://u:p@127.0.0.1/a.git", null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("url")
                .hasMessageNotContaining("u:p");
        refused(() -> create(it.git.url("nothing"), null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("url");
        refused(() -> create(it.git.url("taken"), "/Nowhere/x"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> create(it.git.url("taken"), REPOS + "/taken/inner"), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("path");
        refused(() -> create(it.git.url("taken"), "/Users/bob@example.com/x"), 403, "PERMISSION_DENIED");
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .create(new CreateRepoRequest()
                                .setUrl(it.git.url("taken"))
                                .setProvider("cvs")),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .create(new CreateRepoRequest()
                                .setUrl(it.git.url("taken"))
                                .setProvider("gitHub")
                                .setSparseCheckout(new SparseCheckout().setPatterns(List.of("a")))),
                400,
                "INVALID_PARAMETER_VALUE");
        UpdateRepoRequest update = new UpdateRepoRequest().setRepoId(repo);
        refused(() -> it.api(ALICE).repos().update(update), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).repos().update(update.setBranch("none")), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).repos().update(update.setBranch("a..b")), 400, "INVALID_PARAMETER_VALUE");
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .update(new UpdateRepoRequest().setRepoId(repo).setTag("none")),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .create(new CreateRepoRequest()
                                .setUrl(it.git.url("taken"))
                                .setProvider("gitHub")
                                .setPath(REPOS + "/other")
                                .setGitCredentialId(1L)),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> it.api(BOB)
                        .repos()
                        .create(new CreateRepoRequest()
                                .setUrl(it.git.url("taken"))
                                .setProvider("gitHub")),
                403,
                "PERMISSION_DENIED");
    }

    @Test
    void othersSeeWhatTheyWereGiven() throws Exception {
        it.git.make("given");
        it.git.commit("given", "main", Map.of("a.txt", "1"));
        long repo = it.cloned(ALICE, "given").getId();
        String id = Long.toString(repo);

        refused(() -> it.api(BOB).repos().get(repo), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(STRANGER).repos().get(repo), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(STRANGER).repos().delete(repo), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.api(ADMIN).repos().get(repo).getId()).isEqualTo(repo);
        assertThat(it.api(ALICE).repos().getPermissionLevels(id).getPermissionLevels())
                .extracting(level -> level.getPermissionLevel().name())
                .containsExactly("CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE");

        it.api(ALICE)
                .repos()
                .updatePermissions(new RepoPermissionsRequest()
                        .setRepoId(id)
                        .setAccessControlList(List.of(new RepoAccessControlRequest()
                                .setUserName("bob@example.com")
                                .setPermissionLevel(RepoPermissionLevel.CAN_EDIT))));

        assertThat(it.api(ALICE).repos().getPermissions(id).getObjectId()).isEqualTo("/repos/" + id);
        assertThat(it.api(BOB).repos().get(repo).getPath()).isEqualTo(REPOS + "/given");
        assertThat(it.exported(BOB, REPOS + "/given/a.txt")).isEqualTo("1");
        it.put(BOB, REPOS + "/given/a.txt", "of bob");
        assertThat(it.changes(BOB, repo)).containsExactly("MODIFIED a.txt");
        refused(() -> it.api(BOB).repos().delete(repo), 403, "PERMISSION_DENIED");
        refused(
                () -> it.api(BOB)
                        .repos()
                        .update(new UpdateRepoRequest().setRepoId(repo).setBranch("main")),
                403,
                "PERMISSION_DENIED");
        it.workRefused(BOB, "POST", repo, "/commit", GitFixture.commit("no"), 403, "PERMISSION_DENIED");
        it.workRefused(STRANGER, "GET", repo, "/status", null, 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.count("select count(*) from audit_event where outcome = 'DENIED' and user_id = 8"))
                .isPositive();
    }

    @Test
    void anEmptyRepositoryIsAnEmptyFolder() throws Exception {
        it.git.make("empty");

        CreateRepoResponse made = it.cloned(ALICE, "empty");

        assertThat(made.getBranch()).isEqualTo("main");
        assertThat(made.getHeadCommitId()).isNull();
        it.put(ALICE, REPOS + "/empty/first.txt", "1");
        it.work(ALICE, "POST", made.getId(), "/commit", GitFixture.commit("First"));
        it.work(ALICE, "POST", made.getId(), "/push", Map.of());
        assertThat(it.git.text("empty", "main", "first.txt")).isEqualTo("1");
    }

    private void create(String url, @Nullable String path) {
        it.api(ALICE)
                .repos()
                .create(new CreateRepoRequest()
                        .setUrl(url)
                        .setProvider("gitHub")
                        .setPath(path));
    }

    private List<String> paths(Caller caller, ListReposRequest request) {
        List<String> found = new ArrayList<>();
        for (RepoInfo repo : it.api(caller).repos().list(request)) {
            found.add(repo.getPath());
        }
        return found;
    }
}
