package io.campanile.acceptance;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The administrator of an installation, with each of the ways in: password and cookie, token, SDK. */
public final class Person {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String cookie;
    private final WorkspaceClient sdk;

    /** An answer that was none. */
    public static final class StatusException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        StatusException(String path, int status, String body) {
            super(path + " answered " + status + " " + body);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private Person(String url, String cookie, WorkspaceClient sdk) {
        this.url = url;
        this.cookie = cookie;
        this.sdk = sdk;
    }

    public static Person signIn(Installation installation) throws Exception {
        JsonNode admin = installation.admin();
        String body = Installation.JSON.writeValueAsString(Map.of(
                "user",
                admin.path("user").asText(),
                "password",
                admin.path("password").asText()));
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(installation.url() + "/api/campanile/v1/login"))
                        .header("Content-Type", "application/json")
                        .header("Origin", installation.url())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("Sign-in failed: " + answer.statusCode() + " " + answer.body());
        }
        String cookie = answer.headers().firstValue("set-cookie").orElseThrow().split(";", 2)[0];
        WorkspaceClient sdk = new WorkspaceClient(new DatabricksConfig()
                .setHost(installation.url())
                .setToken(admin.path("token").asText())
                .setAuthType("pat"));
        return new Person(installation.url(), cookie, sdk);
    }

    public WorkspaceClient sdk() {
        return sdk;
    }

    public String cookie() {
        return cookie;
    }

    public JsonNode get(String path) throws Exception {
        return Installation.JSON.readTree(text(path));
    }

    /** A file that cells know by the name it has here: the workspace's files are all that a node sees of the machine's. */
    public Path seenByCells(Path dataDir, String name) throws Exception {
        String workspace =
                get("/.well-known/databricks-config").path("workspace_id").asText();
        return Files.createDirectories(dataDir.resolve("files").resolve(workspace)).resolve(name);
    }

    /** What the path answers, as it is. */
    public String text(String path) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Cookie", cookie)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new StatusException(path, answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    /** A new, empty notebook; answers its object id. */
    public long newNotebook(String path) {
        sdk.workspace()
                .importContent(new com.databricks.sdk.service.workspace.Import()
                        .setPath(path)
                        .setFormat(com.databricks.sdk.service.workspace.ImportFormat.JUPYTER)
                        .setContent(java.util.Base64.getEncoder()
                                .encodeToString(
                                        "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{\"language_info\":{\"name\":\"java\"}},\"cells\":[]}"
                                                .getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return sdk.workspace().getStatus(path).getObjectId();
    }

    public NotebookSocket open(long notebookId) throws Exception {
        return NotebookSocket.open(url, cookie, notebookId);
    }
}
