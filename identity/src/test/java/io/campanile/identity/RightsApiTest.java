package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.HttpPersonRights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.testing.TestEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another service is told of what a person may. */
final class RightsApiTest {
    private TestEnvironment test;
    private IdentityServer identity;
    private HttpPersonRights rights;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("identity", identity.port());
        rights = new HttpPersonRights(test.environment().client("identity"), "workspace");
    }

    @AfterEach
    void stop() {
        identity.close();
        test.close();
    }

    @Test
    void aPersonHasWhatTheirGroupsGiveInTheirWorkspaceOnly() {
        JsonNode admin = call("/internal/bootstrap", Map.of("user", "admin@example.com"));
        long workspace = admin.path("workspace_id").asLong();
        JsonNode user = call("/internal/users", Map.of("workspace_id", workspace, "user", "ann@example.com"));
        JsonNode other = call("/internal/workspaces", Map.of("name", "other", "user", "boss@example.com"));

        Rights ofAdmin = rights.of(person(workspace, admin.path("user_id").asLong()));
        Rights ofUser = rights.of(person(workspace, user.path("user_id").asLong()));

        assertThat(ofAdmin.admin()).isTrue();
        assertThat(ofAdmin.accountAdmin()).isFalse();
        assertThat(ofUser.admin()).isFalse();
        assertThat(ofUser.groups()).hasSize(1).isSubsetOf(ofAdmin.groups());
        assertThatThrownBy(() -> rights.of(person(
                        other.path("workspace_id").asLong(),
                        user.path("user_id").asLong())))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }

    private JsonNode call(String path, Map<String, ?> body) {
        return test.environment()
                .client("identity")
                .post(Caller.service("launcher", 0, "request-1"), path, body, JsonNode.class);
    }

    private static Caller person(long workspace, long user) {
        return new Caller(workspace, user, "somebody", false, null, "request-1");
    }
}
