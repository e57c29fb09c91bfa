package io.campanile.workspace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.service.workspace.CreateCredentialsRequest;
import com.databricks.sdk.service.workspace.CreateRepoRequest;
import com.databricks.sdk.service.workspace.CreateRepoResponse;
import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestDatabase;
import io.campanile.common.testing.git.LocalGitServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is left of git folders when the service is killed with -9: all of an operation or nothing. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitCrashTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final String REPOS = "/Repos/alice@example.com/";
    private static final String NOTEBOOK = "-- Databricks notebook source\nselect 1\n";

    private final DatabaseSettings database = TestDatabase.create();
    private final Map<String, JsonNode> documents = new ConcurrentHashMap<>();
    private volatile CountDownLatch reached = new CountDownLatch(1);
    private volatile boolean holdNew;
    private volatile boolean holdReplaced;
    private Path dataDir;
    private LocalGitServer git;
    private HttpServer notebooks;
    private Process process;
    private int port;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        dataDir = folder;
        git = new LocalGitServer(folder.resolve("remote"));
        notebooks = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        notebooks.createContext("/internal/notebooks/", this::document);
        notebooks.setExecutor(Executors.newCachedThreadPool());
        notebooks.start();
        Files.createDirectories(folder.resolve("run"));
        String url = "http://127.0.0.1:" + notebooks.getAddress().getPort();
        Files.writeString(
                folder.resolve("run/endpoints.json"), Json.write(Map.of("notebook-service", url, "identity", url)));
        launch();
        api().gitCredentials()
                .create(new CreateCredentialsRequest()
                        .setGitProvider("gitHub")
                        .setGitUsername(LocalGitServer.USER)
                        .setPersonalAccessToken(LocalGitServer.TOKEN));
    }

    @AfterAll
    void stop() throws Exception {
        kill();
        notebooks.stop(0);
        git.close();
    }

    @Test
    void aCloneThatWasKilledInAPackLeavesNothing() throws Exception {
        git.make("pack");
        git.commit("pack", "main", Map.of("a.txt", "1", "n.sql", NOTEBOOK));
        reached = new CountDownLatch(1);
        git.halfway = name -> hold();
        killWhile(() -> create("pack"));
        git.halfway = name -> {};
        assertThat(folders()).isPositive();

        launch();

        nothingOf("pack");
        assertThat(create("pack").getHeadCommitId()).isEqualTo(git.head("pack", "main"));
    }

    @Test
    void aCloneThatWasKilledAmongItsDocumentsLeavesNothing() throws Exception {
        git.make("docs");
        git.commit("docs", "main", Map.of("a.txt", "1", "n.sql", NOTEBOOK));
        reached = new CountDownLatch(1);
        holdNew = true;
        killWhile(() -> create("docs"));
        holdNew = false;

        launch();

        nothingOf("docs");
        assertThat(create("docs").getHeadCommitId()).isEqualTo(git.head("docs", "main"));
    }

    @Test
    void aCheckoutThatWasKilledBeforeItsDocumentsIsFinished() throws Exception {
        git.make("move");
        git.commit("move", "main", Map.of("a.txt", "1", "n.sql", NOTEBOOK));
        long repo = create("move").getId();
        String later = git.commit("move", "main", Map.of("a.txt", "2", "n.sql", NOTEBOOK + "\nselect 2\n"));
        reached = new CountDownLatch(1);
        holdReplaced = true;
        killWhile(() ->
                api().repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("main")));
        holdReplaced = false;
        String notebook =
                Long.toString(count("select object_id from git_file where git_path = 'n.sql' and repo_id = " + repo));
        assertThat(String.valueOf(documents.get(notebook))).doesNotContain("select 2");

        launch();

        assertThat(api().repos().get(repo).getHeadCommitId()).isEqualTo(later);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> String.valueOf(documents.get(notebook)).contains("select 2"));
        assertThat(work("GET", repo, "/status", "").path("changes")).isEmpty();
    }

    @Test
    void whatWasCommittedIsThereAfterAKill() throws Exception {
        git.make("kept");
        git.commit("kept", "main", Map.of("a.txt", "1", "n.sql", NOTEBOOK));
        long repo = create("kept").getId();
        api().workspace().delete(new Delete().setPath(REPOS + "kept/a.txt"));
        String commit = work("POST", repo, "/commit", "{\"message\":\"Without a\"}")
                .path("commit_id")
                .asText();
        kill();

        launch();

        assertThat(api().repos().get(repo).getHeadCommitId()).isEqualTo(commit);
        work("POST", repo, "/push", "{}");
        assertThat(git.head("kept", "main")).isEqualTo(commit);
        assertThat(git.text("kept", "main", "a.txt")).isNull();
    }

    private void nothingOf(String name) throws Exception {
        assertThat(count("select count(*) from git_repo where url like '%/" + name + ".git'"))
                .isZero();
        assertThat(count("select count(*) from tree_object where name = '" + name + "'"))
                .isZero();
        long repos = count("select count(*) from git_repo");
        await().atMost(Duration.ofSeconds(20)).until(() -> folders() == repos);
    }

    private long folders() throws IOException {
        try (var all = Files.list(dataDir.resolve("git/1"))) {
            return all.count();
        }
    }

    private CreateRepoResponse create(String name) {
        return api().repos()
                .create(new CreateRepoRequest().setUrl(git.url(name)).setProvider("gitHub"));
    }

    /** Kills the service when it has come to where it is held. */
    private void killWhile(Runnable call) throws Exception {
        Thread caller = new Thread(() -> {
            try {
                call.run();
            } catch (DatabricksException e) {
                // The service dies under it.
            }
        });
        caller.setDaemon(true);
        caller.start();
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        kill();
    }

    private void hold() {
        reached.countDown();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private void launch() throws Exception {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GitCrashMain.class.getName(),
                        dataDir.toString(),
                        database.jdbcUrl(),
                        database.user(),
                        database.password().value())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("PORT ")) {
            line = out.readLine();
        }
        assertThat(line).as("the service started").isNotNull();
        port = Integer.parseInt(line.substring("PORT ".length()));
        Thread drain = new Thread(() -> out.lines().forEach(any -> {}));
        drain.setDaemon(true);
        drain.start();
    }

    private WorkspaceClient api() {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + port)
                .setToken(token())
                .setAuthType("pat"));
    }

    private static String token() {
        return new InternalTokens(GitCrashMain.KEY, Clock.systemUTC()).sign(ALICE, "workspace");
    }

    private JsonNode work(String method, long repo, String what, String body) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + port + "/api/campanile/v1/repos/" + repo + what))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .header("Authorization", "Bearer " + token())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.read(answer.body(), JsonNode.class);
    }

    private long count(String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        database.jdbcUrl(), database.user(), database.password().value());
                var statement = connection.createStatement()) {
            statement.execute("set search_path to workspace, public");
            var found = statement.executeQuery(sql);
            found.next();
            return found.getLong(1);
        }
    }

    /** Documents as the notebook service keeps them, by number. */
    private void document(HttpExchange exchange) throws IOException {
        try (exchange) {
            String id = exchange.getRequestURI().getPath().replaceFirst(".*/notebooks/", "");
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode answer = Json.read("{}", JsonNode.class);
            switch (exchange.getRequestMethod()) {
                case "PUT" -> {
                    JsonNode put = Json.read(new String(body, StandardCharsets.UTF_8), JsonNode.class);
                    boolean replace = put.path("replace").asBoolean();
                    if (replace ? holdReplaced : holdNew) {
                        hold();
                        return;
                    }
                    documents.put(id, put);
                }
                case "GET" -> answer = requireNonNull(documents.get(id));
                default -> documents.remove(id);
            }
            byte[] bytes = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
