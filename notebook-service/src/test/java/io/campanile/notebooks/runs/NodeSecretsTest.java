package io.campanile.notebooks.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node is told that asks for a secret, and as whom the workspace service is asked. */
final class NodeSecretsTest {
    private final List<Caller> callers = new CopyOnWriteArrayList<>();
    private ExecutionFixture fixture;
    private ServiceHttp workspace;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        fixture = new ExecutionFixture(dataDir);
        workspace = new ServiceHttp("workspace", fixture.test.environment(), 1 << 20, () -> true);
        workspace
                .endpoints()
                .post(
                        "/internal/secrets/get",
                        Requires.service("secrets.get", "secret-scope"),
                        Map.class,
                        (caller, body) -> {
                            callers.add(caller);
                            if (!"key".equals(body.get("key"))) {
                                throw new ApiException(ErrorCode.PERMISSION_DENIED, "not for you");
                            }
                            return Map.of("key", "key", "value", "dmFsdWU=");
                        });
        workspace.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        fixture.test.announce("workspace", workspace.port());
    }

    @AfterEach
    void stop() throws Exception {
        workspace.close();
        fixture.close();
    }

    @Test
    void theOwnerOfTheNodeIsAskedForAndWithoutATokenNobody() throws Exception {
        String token = fixture.agent(ExecutionFixture.WORKSPACE, "c-1", 1).token();
        String question = "{\"what\":\"get\",\"scope\":\"s\",\"key\":\"key\"}";

        HttpResponse<String> answered = ask(token, question);

        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.body()).contains("\"value\":\"dmFsdWU=\"");
        assertThat(callers).singleElement().satisfies(caller -> {
            assertThat(caller.workspaceId()).isEqualTo(ExecutionFixture.WORKSPACE);
            assertThat(caller.userId()).isEqualTo(7);
            assertThat(caller.admin()).isFalse();
            assertThat(caller.service()).isEqualTo("notebook-service");
        });
        assertThat(ask("forged", question).statusCode()).isEqualTo(401);
        assertThat(ask(token, question.replace("\"key\"}", "\"other\"}")).statusCode())
                .isEqualTo(403);
        assertThat(ask(token, question.replace("get", "put")).body()).contains("INVALID_PARAMETER_VALUE", "what");
        assertThat(ask(token, "{").body()).contains("MALFORMED_REQUEST");
        assertThat(ask(token, question + " ".repeat(5000)).statusCode()).isEqualTo(413);
        assertThat(callers).hasSize(2);
    }

    private HttpResponse<String> ask(String token, String question) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + fixture.port() + "/node/v1/secrets"))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
