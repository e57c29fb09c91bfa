package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ADMIN;
import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.BOB;
import static io.campanile.workspace.GitFixture.STRANGER;
import static io.campanile.workspace.GitFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.CreateCredentialsRequest;
import com.databricks.sdk.service.workspace.CreateCredentialsResponse;
import com.databricks.sdk.service.workspace.CredentialInfo;
import com.databricks.sdk.service.workspace.GetCredentialsResponse;
import com.databricks.sdk.service.workspace.ListCredentialsRequest;
import com.databricks.sdk.service.workspace.UpdateCredentialsRequest;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Git credentials as the unmodified Java SDK keeps them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitCredentialsApiTest {
    private static final String TOKEN = "token-canary-0815";
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(dataDir, GitFixture.config());
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void aCredentialIsKeptChangedAndDeleted() throws Exception {
        CreateCredentialsResponse made = create(ALICE, "GITHUB", null, null);

        assertThat(made.getGitProvider()).isEqualTo("gitHub");
        assertThat(made.getIsDefaultForProvider()).isTrue();
        long id = made.getCredentialId();
        GetCredentialsResponse found = it.api(ALICE).gitCredentials().get(id);
        assertThat(found.getGitUsername()).isEqualTo("alice");
        assertThat(found.getGitEmail()).isEqualTo("alice@example.org");

        it.api(ALICE)
                .gitCredentials()
                .update(new UpdateCredentialsRequest()
                        .setCredentialId(id)
                        .setGitProvider("gitHub")
                        .setGitUsername("other")
                        .setPersonalAccessToken(TOKEN + "-2"));

        assertThat(it.api(ALICE).gitCredentials().get(id).getGitUsername()).isEqualTo("other");
        assertThat(it.api(ALICE).gitCredentials().get(id).getGitEmail()).isEqualTo("alice@example.org");
        assertThat(it.send(ALICE, "GET", "/api/2.0/git-credentials/" + id, null).body())
                .doesNotContain(TOKEN);
        assertThat(it.text("select string_agg(details::text, '') from audit_event"))
                .doesNotContain(TOKEN);
        assertThat(it.text("select string_agg(encode(sealed, 'escape'), '') from git_credential"))
                .doesNotContain(TOKEN);
        it.api(ALICE).gitCredentials().delete(id);
        refused(() -> it.api(ALICE).gitCredentials().get(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).gitCredentials().delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
        for (String action : List.of("create", "update", "delete")) {
            assertThat(it.count("select count(*) from audit_event where action = 'git.credentials." + action
                            + "' and resource = 'git-credential/" + id + "'"))
                    .as(action)
                    .isOne();
        }
    }

    @Test
    void oneOfEachProviderIsUsedByItself() {
        long one = create(BOB, "gitLab", null, null).getCredentialId();
        long two = create(BOB, "gitLab", "second", null).getCredentialId();
        create(BOB, "bitbucketCloud", null, null);
        assertThat(defaults(BOB, "gitLab")).containsExactly(one);

        long three = create(BOB, "gitLab", "third", true).getCredentialId();
        assertThat(defaults(BOB, "gitLab")).containsExactly(three);
        it.api(BOB)
                .gitCredentials()
                .update(new UpdateCredentialsRequest()
                        .setCredentialId(two)
                        .setGitProvider("gitLab")
                        .setIsDefaultForProvider(true));

        assertThat(defaults(BOB, "gitLab")).containsExactly(two);
        assertThat(defaults(BOB, "bitbucketCloud")).hasSize(1);
        it.api(BOB).gitCredentials().delete(two);
        assertThat(defaults(BOB, "gitLab")).containsExactly(one);
        create(BOB, "gitLab", "second", null);
        refused(() -> create(BOB, "gitLab", null, null), 409, "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("gitLab");
        refused(() -> create(BOB, "gitLab", "second", null), 409, "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("second");
        refused(
                () -> it.api(BOB)
                        .gitCredentials()
                        .update(new UpdateCredentialsRequest()
                                .setCredentialId(one)
                                .setGitProvider("gitLab")
                                .setName("third")),
                409,
                "RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void nobodyComesToThoseOfOthers() {
        long id = create(ALICE, "awsCodeCommit", null, null).getCredentialId();

        for (Caller other : List.of(BOB, ADMIN, STRANGER)) {
            refused(() -> it.api(other).gitCredentials().get(id), 404, "RESOURCE_DOES_NOT_EXIST");
            refused(() -> it.api(other).gitCredentials().delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
            refused(
                    () -> it.api(other)
                            .gitCredentials()
                            .update(new UpdateCredentialsRequest()
                                    .setCredentialId(id)
                                    .setGitProvider("awsCodeCommit")),
                    404,
                    "RESOURCE_DOES_NOT_EXIST");
            assertThat(all(other)).extracting(CredentialInfo::getCredentialId).doesNotContain(id);
        }
        refused(
                () -> it.api(ALICE)
                        .gitCredentials()
                        .list(new ListCredentialsRequest().setPrincipalId(8L))
                        .forEach(one -> {}),
                403,
                "PERMISSION_DENIED");
        assertThat(all(ALICE)).extracting(CredentialInfo::getCredentialId).contains(id);
    }

    @Test
    void badRequestsNameTheField() throws Exception {
        refused(() -> create(ALICE, "cvs", null, null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("git_provider");
        refused(
                        () -> it.api(ALICE)
                                .gitCredentials()
                                .create(new CreateCredentialsRequest().setGitProvider("gitHub")),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("personal_access_token");
        refused(() -> create(ALICE, "gitHub", "x".repeat(300), null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("name");
        refused(() -> create(ALICE, "gitHub", "a\nb", null), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("name");
        assertThat(it.send(ALICE, "GET", "/api/2.0/git-credentials/x", null).statusCode())
                .isEqualTo(400);
    }

    private CreateCredentialsResponse create(
            Caller caller, String provider, @Nullable String name, @Nullable Boolean isDefault) {
        return it.api(caller)
                .gitCredentials()
                .create(new CreateCredentialsRequest()
                        .setGitProvider(provider)
                        .setName(name)
                        .setIsDefaultForProvider(isDefault)
                        .setGitUsername("alice")
                        .setGitEmail("alice@example.org")
                        .setPersonalAccessToken(TOKEN));
    }

    private List<CredentialInfo> all(Caller caller) {
        List<CredentialInfo> found = new ArrayList<>();
        it.api(caller).gitCredentials().list(new ListCredentialsRequest()).forEach(found::add);
        return found;
    }

    private List<Long> defaults(Caller caller, String provider) {
        return all(caller).stream()
                .filter(one -> one.getGitProvider().equals(provider) && one.getIsDefaultForProvider())
                .map(CredentialInfo::getCredentialId)
                .toList();
    }
}
