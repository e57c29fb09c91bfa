package io.campanile.workspace;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.service.workspace.CreateCredentialsRequest;
import com.databricks.sdk.service.workspace.CreateRepoRequest;
import com.databricks.sdk.service.workspace.CreateRepoResponse;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The workspace service in a process of its own that is killed, with a git server and notebooks beside it that are not. */
final class GitProcess implements AutoCloseable {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    static final String REPOS = "/Repos/alice@example.com/";
    static final String NOTEBOOK = "-- Databricks notebook source\nselect 1\n";

    private final DatabaseSettings database = TestDatabase.create();
    final Map<String, JsonNode> documents = new ConcurrentHashMap<>();
    volatile CountDownLatch reached = new CountDownLatch(1);
    volatile boolean holdNew;
    volatile boolean holdReplaced;
    final Path dataDir;
    final LocalGitServer git;
    private final HttpServer notebooks;
    private Process process;
    private int port;

    GitProcess(Path folder) throws Exception {
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
        process = started();
        port = answering();
        api().gitCredentials()
                .create(new CreateCredentialsRequest()
                        .setGitProvider("gitHub")
                        .setGitUsername(LocalGitServer.USER)
                        .setPersonalAccessToken(LocalGitServer.TOKEN));
    }

    @Override
    public void close() throws Exception {
        kill();
        notebooks.stop(0);
        git.close();
    }

    long folders() throws IOException {
        try (var all = Files.list(dataDir.resolve("git/1"))) {
            return all.count();
        }
    }

    CreateRepoResponse create(String name) {
        return api().repos()
                .create(new CreateRepoRequest().setUrl(git.url(name)).setProvider("gitHub"));
    }

    /** Kills the service when it has come to where it is held. */
    void killWhile(Runnable call) throws Exception {
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

    void hold() {
        reached.countDown();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    void launch() throws Exception {
        spawn();
        port = answering();
    }

    /** Starts the process, and does not wait for it to answer. */
    void spawn() throws IOException {
        process = started();
    }

    private Process started() throws IOException {
        return new ProcessBuilder(
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
    }

    private int answering() throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("PORT ")) {
            line = out.readLine();
        }
        assertThat(line).as("the service started").isNotNull();
        Thread drain = new Thread(() -> out.lines().forEach(any -> {}));
        drain.setDaemon(true);
        drain.start();
        return Integer.parseInt(requireNonNull(line).substring("PORT ".length()));
    }

    WorkspaceClient api() {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + port)
                .setToken(token())
                .setAuthType("pat"));
    }

    private static String token() {
        return new InternalTokens(GitCrashMain.KEY, Clock.systemUTC()).sign(ALICE, "workspace");
    }

    JsonNode work(String method, long repo, String what, String body) throws Exception {
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

    long count(String sql) throws Exception {
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
