package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.ResourceDoesNotExist;
import com.databricks.sdk.core.error.platform.Unauthenticated;
import com.databricks.sdk.service.iam.ComplexValue;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.iam.User;
import com.databricks.sdk.service.settings.CreateTokenRequest;
import com.databricks.sdk.service.settings.CreateTokenResponse;
import com.databricks.sdk.service.settings.PublicTokenInfo;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified client library of the public API, over real HTTP through the gateway. */
final class SdkContractTest {
    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void meIsTheAdministrator() {
        User me = client(platform.token).currentUser().me(new MeRequest());

        assertThat(me.getUserName()).isEqualTo(GatewayFixture.USER);
        assertThat(me.getId()).matches("[0-9]+");
        assertThat(me.getGroups()).extracting(ComplexValue::getDisplay).contains("admins", "users");
    }

    @Test
    void theWorkspaceIdIsInTheHeaderOfEveryAnswer() {
        for (String path : new String[] {"/api/2.0/preview/scim/v2/Me", "/api/2.0/nothing", "/api/2.0/token/list"}) {
            assertThat(platform.get(path, "Authorization", platform.bearer())
                            .headers()
                            .firstValue("X-Databricks-Org-Id"))
                    .contains(Long.toString(platform.workspaceId));
        }
    }

    @Test
    void tokensAreMadeUsedListedAndRevoked() {
        WorkspaceClient admin = client(platform.token);
        CreateTokenResponse made = admin.tokens()
                .create(new CreateTokenRequest().setComment("made by the sdk").setLifetimeSeconds(600L));
        String id = made.getTokenInfo().getTokenId();

        assertThat(client(made.getTokenValue())
                        .currentUser()
                        .me(new MeRequest())
                        .getUserName())
                .isEqualTo(GatewayFixture.USER);
        assertThat(admin.tokens().list())
                .extracting(PublicTokenInfo::getTokenId)
                .contains(id);
        admin.tokens().delete(id);

        assertThat(admin.tokens().list())
                .extracting(PublicTokenInfo::getTokenId)
                .doesNotContain(id);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThatThrownBy(
                                () -> client(made.getTokenValue()).currentUser().me(new MeRequest()))
                        .isInstanceOf(Unauthenticated.class));
    }

    @Test
    void failuresArriveAsTheirTypes() {
        WorkspaceClient admin = client(platform.token);

        assertThatThrownBy(() -> admin.tokens().delete("no such token")).isInstanceOf(ResourceDoesNotExist.class);
        assertThatThrownBy(() -> admin.tokens().create(new CreateTokenRequest().setLifetimeSeconds(-1L)))
                .isInstanceOf(InvalidParameterValue.class);
        assertThatThrownBy(() -> admin.jobs().get(1)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> client("dapi" + "0".repeat(64)).currentUser().me(new MeRequest()))
                .isInstanceOf(Unauthenticated.class);
    }

    private static WorkspaceClient client(String token) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + platform.gateway.port())
                .setToken(token)
                .setAuthType("pat"));
    }
}
