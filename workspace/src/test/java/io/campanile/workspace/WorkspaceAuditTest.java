package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.AuditWalk.Call;
import io.campanile.common.testing.OtherTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route that changes something writes one row of the audit log, and touches no other workspace. */
final class WorkspaceAuditTest {
    private static final Caller ALICE = GitFixture.ALICE;
    private static final Caller ACCOUNT_ADMIN = GitFixture.ADMIN.with(new Rights(true, true, Set.of(), Set.of()));
    private static final String HOME = "/Users/alice@example.com";
    private static final String OBJECTS = "/api/campanile/v1/objects";
    private static final String VOLUMES = "/api/2.1/unity-catalog/volumes";
    private static final String FILES = "/Volumes/main/default/audited/";
    private static final String SECRET = ",\"key\":\"k\",\"string_value\":\"v\"";
    private static final String GRANT =
            "{\"access_control_list\":[{\"user_name\":\"bob@example.com\",\"permission_level\":\"CAN_READ\"}]}";

    private final AtomicInteger names = new AtomicInteger();
    private GitFixture it;
    private GitWalk git;
    private OtherTenant other;
    private AuditWalk walk;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(dataDir, GitFixture.config());
        // A data key is sealed for its own workspace: of another one's copy the master key could not be changed.
        other = new OtherTenant(it.test.environment().database(), "workspace", 1, 77, "data_key")
                // What was ordered to be deleted by the call before goes within a second, in the background.
                .restless("content_deletion", "document_deletion", "notebook_trimming");
        for (String workList : new String[] {"document_deletion", "content_deletion"}) {
            other.adjust("update " + workList + " set due_at = due_at + interval '1 year' where workspace_id = 77");
        }
        walk = new AuditWalk(it.test, "workspace", it.port())
                .stranger(GitFixture.BOB)
                .beside(other);
        git = new GitWalk(it, walk);
        it.credential(ALICE);
        walk.ok(ALICE, "POST", VOLUMES, volume("audited"));
        readableForBob();
    }

    /** What somebody may not even read does not exist for them: Bob sees it all, so that he is refused. */
    private void readableForBob() {
        for (Caller person : new Caller[] {ALICE, GitFixture.BOB}) {
            walk.ok(person, "GET", "/api/campanile/v1/home", "");
        }
        git.repo();
        for (String path : new String[] {HOME, GitFixture.REPOS}) {
            String id = walk.ok(ALICE, "GET", "/api/2.0/workspace/get-status?path=" + path, "")
                    .path("object_id")
                    .asText();
            walk.ok(GitFixture.ADMIN, "PATCH", "/api/2.0/permissions/directories/" + id, GRANT);
        }
    }

    @AfterEach
    void stop() {
        other.close();
        it.close();
    }

    @Test
    void everyRouteThatChangesSomethingWritesOneRowAndRefusalsDoToo() {
        tree();
        git.add();
        objects();
        permissions();
        dbfs();
        files();
        uploads();
        volumes();
        secrets();

        assertThat(walk.problems()).isEmpty();
        assertThat(other.seen())
                .contains(
                        "acl_change",
                        "audit_event",
                        "file_upload",
                        "getting_started",
                        "git_branch",
                        "git_conflict",
                        "git_credential",
                        "git_file",
                        "git_repo",
                        "object_acl",
                        "secret",
                        "secret_acl",
                        "secret_scope",
                        "tree_object",
                        "volume");
    }

    @Test
    void noAnswerChangesWithTheRowsOfAnotherWorkspace() {
        long folder = made("DIRECTORY");
        walk.ok(ALICE, "PUT", "/api/2.0/permissions/directories/" + folder, GRANT);
        String scope = madeScope();
        walk.ok(ALICE, "POST", "/api/2.0/secrets/put", scope(scope, SECRET));
        long repo = git.repo();
        String upload = begun("/api/campanile/v1/files/uploads");

        assertThat(walk.problemsOfReading(
                        ALICE,
                        other,
                        "/api/2.0/workspace/list?path=" + HOME,
                        "/api/2.0/workspace/get-status?path=" + HOME,
                        "/api/campanile/v1/home",
                        "/api/campanile/v1/search?q=object",
                        OBJECTS + "/" + folder,
                        OBJECTS + "/" + folder + "/permissions",
                        "/api/2.0/permissions/directories/" + folder,
                        "/api/2.0/secrets/scopes/list",
                        "/api/2.0/secrets/list?scope=" + scope,
                        "/api/2.0/secrets/acls/list?scope=" + scope,
                        "/api/2.0/repos",
                        "/api/2.0/repos/" + repo,
                        "/api/2.0/git-credentials",
                        "/api/campanile/v1/files/uploads/" + upload,
                        VOLUMES + "?catalog_name=main&schema_name=default",
                        VOLUMES + "/main.default.audited"))
                .isEmpty();
    }

    @Test
    void nothingIsLeftOfAWorkspaceThatIsErased() throws Exception {
        Path dataDir = it.test.environment().dataDir();
        walk.ok(ALICE, "POST", "/api/2.0/workspace/mkdirs", path(HOME + "/folder"));
        walk.ok(ALICE, "PUT", content(), "content");
        walk.ok(ALICE, "POST", "/api/2.0/secrets/put", scope(madeScope(), SECRET));
        written();
        git.repo();
        assertThat(filesOf(dataDir)).hasSizeGreaterThan(3);

        assertThat(walk.problemsOfErasure(Caller.service("identity", 1, "request-1"), other))
                .isEmpty();

        assertThat(filesOf(dataDir)).isEmpty();
        assertThat(walk.ok(ALICE, "GET", "/api/2.0/secrets/scopes/list", "").path("scopes"))
                .isEmpty();
    }

    private static List<Path> filesOf(Path dataDir) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : new String[] {"files/1", "objects/1", "git/1"}) {
            if (Files.exists(dataDir.resolve(root))) {
                try (Stream<Path> files = Files.walk(dataDir.resolve(root))) {
                    files.filter(Files::isRegularFile).forEach(found::add);
                }
            }
        }
        return found;
    }

    private void tree() {
        String base = "/api/2.0/workspace/";
        walk.calls(
                "POST " + base + "mkdirs",
                ALICE,
                () -> new Call(base + "mkdirs", "{\"path\":\"" + home() + "/deep/deeper\"}"));
        walk.calls("POST " + base + "delete", ALICE, () -> {
            String path = home();
            walk.ok(ALICE, "POST", base + "mkdirs", "{\"path\":\"" + path + "/deep\"}");
            return new Call(base + "delete", "{\"path\":\"" + path + "\",\"recursive\":true}");
        });
        walk.calls(
                "POST " + base + "import",
                ALICE,
                () -> new Call(
                        base + "import",
                        "{\"path\":\"" + home() + "\",\"language\":\"SQL\",\"content\":\"c2VsZWN0IDE=\"}"));
    }

    private void objects() {
        walk.calls(
                "POST " + OBJECTS,
                ALICE,
                () -> new Call(
                        OBJECTS,
                        "{\"object_type\":\"DIRECTORY\",\"name\":\"" + name() + "\",\"parent_id\":" + made("DIRECTORY")
                                + "}"));
        walk.calls(
                "POST " + OBJECTS + "/:id/move",
                ALICE,
                () -> new Call(OBJECTS + "/" + made("DIRECTORY") + "/move", "{\"name\":\"" + name() + "\"}"));
        walk.calls(
                "POST " + OBJECTS + "/:id/trash",
                ALICE,
                () -> new Call(OBJECTS + "/" + made("NOTEBOOK") + "/trash", "{}"));
        walk.calls("POST " + OBJECTS + "/:id/restore", ALICE, () -> {
            String one = OBJECTS + "/" + made("NOTEBOOK");
            walk.ok(ALICE, "POST", one + "/trash", "{}");
            return new Call(one + "/restore", "{}");
        });
        walk.calls("PUT " + OBJECTS + "/:id/content", ALICE, () -> new Call(content(), "content"));
    }

    private void permissions() {
        String base = "/api/2.0/permissions/";
        for (String method : new String[] {"PUT", "PATCH"}) {
            walk.calls(
                    method + " " + base + "directories/:id",
                    ALICE,
                    () -> new Call(base + "directories/" + made("DIRECTORY"), GRANT));
            walk.calls(
                    method + " " + base + "notebooks/:id",
                    ALICE,
                    () -> new Call(base + "notebooks/" + made("NOTEBOOK"), GRANT));
            walk.calls(
                    method + " " + base + "files/:id",
                    ALICE,
                    () -> new Call(
                            base + "files/"
                                    + walk.ok(ALICE, "PUT", content(), "x")
                                            .path("object_id")
                                            .asText(),
                            GRANT));
            walk.calls(method + " " + base + "repos/:id", ALICE, () -> new Call(base + "repos/" + git.repo(), GRANT));
        }
    }

    private void dbfs() {
        String base = "/api/2.0/dbfs/";
        for (String action : new String[] {"create", "mkdirs"}) {
            walk.calls("POST " + base + action, ALICE, () -> new Call(base + action, path(file())));
        }
        walk.calls(
                "POST " + base + "put",
                ALICE,
                () -> new Call(base + "put", "{\"path\":\"" + file() + "\",\"contents\":\"eA==\"}"));
        walk.calls("POST " + base + "close", ALICE, () -> {
            JsonNode made = walk.ok(ALICE, "POST", base + "create", path(file()));
            return new Call(base + "close", "{\"handle\":" + made.path("handle").asText() + "}");
        });
        walk.hides("POST " + base + "close");
        walk.without("POST " + base + "add-block", "a part of what create begins and close ends");
        walk.calls(
                "POST " + base + "move",
                ALICE,
                () -> new Call(
                        base + "move",
                        "{\"source_path\":\"" + written() + "\",\"destination_path\":\"" + file() + "\"}"));
        walk.calls("POST " + base + "delete", ALICE, () -> new Call(base + "delete", path(written())));
    }

    private void files() {
        String files = "/api/2.0/fs/files";
        walk.calls("PUT " + files + "/*", ALICE, () -> new Call(files + file(), "content"));
        walk.calls("DELETE " + files + "/*", ALICE, () -> new Call(files + written(), ""));
        String directories = "/api/2.0/fs/directories";
        walk.calls("PUT " + directories + "/*", ALICE, () -> new Call(directories + file(), ""));
        walk.calls("DELETE " + directories + "/*", ALICE, () -> {
            String one = directories + file();
            walk.ok(ALICE, "PUT", one, "");
            return new Call(one, "");
        });
    }

    private void uploads() {
        String all = "/api/campanile/v1/files/uploads";
        walk.calls("POST " + all, ALICE, () -> new Call(all, path(file())));
        walk.calls("POST " + all + "/:upload_id/complete", ALICE, () -> {
            String one = all + "/" + begun(all);
            walk.ok(ALICE, "PUT", one + "?offset=0", "content");
            return new Call(one + "/complete", "{}");
        });
        walk.calls("DELETE " + all + "/:upload_id", ALICE, () -> new Call(all + "/" + begun(all), ""));
        walk.hides("POST " + all + "/:upload_id/complete", "DELETE " + all + "/:upload_id");
        walk.without("PUT " + all + "/:upload_id", "a part of what is begun and completed");
    }

    private String begun(String all) {
        return walk.ok(ALICE, "POST", all, path(file())).path("upload_id").asText();
    }

    private void volumes() {
        String all = VOLUMES;
        walk.calls("POST " + all, ALICE, () -> new Call(all, volume(name())));
        walk.calls(
                "PATCH " + all + "/:name", ALICE, () -> new Call(all + "/" + madeVolume(all), "{\"comment\":\"c\"}"));
        walk.calls("DELETE " + all + "/:name", ALICE, () -> new Call(all + "/" + madeVolume(all), ""));
        String grants = "/api/2.1/unity-catalog/permissions/volume/";
        walk.calls(
                "PATCH " + grants + ":full_name",
                ALICE,
                () -> new Call(
                        grants + madeVolume(all),
                        "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"READ_VOLUME\"]}]}"));
    }

    private String madeVolume(String all) {
        String name = name();
        walk.ok(ALICE, "POST", all, volume(name));
        return "main.default." + name;
    }

    private static String volume(String name) {
        return "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"volume_type\":\"MANAGED\",\"name\":\"" + name
                + "\"}";
    }

    private void secrets() {
        String base = "/api/2.0/secrets/";
        walk.calls("POST " + base + "scopes/create", ALICE, () -> new Call(base + "scopes/create", scope(name(), "")));
        walk.calls(
                "POST " + base + "scopes/delete",
                ALICE,
                () -> new Call(base + "scopes/delete", scope(madeScope(), "")));
        walk.calls("POST " + base + "put", ALICE, () -> new Call(base + "put", scope(madeScope(), SECRET)));
        walk.calls("POST " + base + "delete", ALICE, () -> {
            String scope = madeScope();
            walk.ok(ALICE, "POST", base + "put", scope(scope, SECRET));
            return new Call(base + "delete", scope(scope, ",\"key\":\"k\""));
        });
        String bob = ",\"principal\":\"bob@example.com\",\"permission\":\"WRITE\"";
        walk.calls("POST " + base + "acls/put", ALICE, () -> new Call(base + "acls/put", scope(madeScope(), bob)));
        walk.calls("POST " + base + "acls/delete", ALICE, () -> {
            String scope = madeScope();
            // Who may write may not say who may.
            walk.ok(ALICE, "POST", base + "acls/put", scope(scope, bob));
            return new Call(base + "acls/delete", scope(scope, ",\"principal\":\"bob@example.com\""));
        });
        String keys = "/api/campanile/v1/keys/";
        for (String which : new String[] {"data", "master"}) {
            walk.calls(
                    "POST " + keys + which + "/rotate", ACCOUNT_ADMIN, () -> new Call(keys + which + "/rotate", "{}"));
        }
    }

    private String madeScope() {
        String name = name();
        walk.ok(ALICE, "POST", "/api/2.0/secrets/scopes/create", scope(name, ""));
        return name;
    }

    private static String scope(String name, String more) {
        return "{\"scope\":\"" + name + "\"" + more + "}";
    }

    private String content() {
        return OBJECTS + "/" + made("DIRECTORY") + "/content?name=" + name();
    }

    private String written() {
        String file = file();
        walk.ok(ALICE, "PUT", "/api/2.0/fs/files" + file, "content");
        return file;
    }

    private String file() {
        return FILES + name();
    }

    private static String path(String path) {
        return "{\"path\":\"" + path + "\"}";
    }

    private String home() {
        return HOME + "/" + name();
    }

    private long made(String type) {
        String body = "{\"object_type\":\"" + type + "\",\"name\":\"" + name() + "\"}";
        return walk.ok(ALICE, "POST", OBJECTS, body).path("object_id").asLong();
    }

    private String name() {
        return "object-" + names.incrementAndGet();
    }
}
