package io.campanile.launcher.large;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.testing.TestDatabase;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notebooks up to 100 MB. The services have a heap of 320 MB, half of what {@code up} gives them: less than three times one
 * such file, so whatever has it in memory more often ends the process.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LargeNotebookTest {
    private static final String HEAP = "320m";
    private static final String HOME = "/Users/admin@example.com/";
    private static final long MEGABYTE = 1_000_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final DatabaseSettings database = TestDatabase.create();

    private Path folder;
    private LargeFiles files;
    private Child services;
    private int port;
    private String token = "";

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        files = new LargeFiles(folder);
        launch();
    }

    @AfterAll
    void stop() {
        services.close();
    }

    @Test
    void aNotebookOfNinetyFiveMegabytesGoesInAndOutThroughTheSdk() throws Exception {
        Path notebook = files.notebook("sdk.ipynb", 95 * MEGABYTE);
        Path back = folder.resolve("sdk-back.ipynb");
        assertThat(Files.size(notebook)).isGreaterThan(94 * MEGABYTE);

        try (Child client =
                new Child("3g", SdkMain.class, host(), token, notebook.toString(), HOME + "sdk", back.toString())) {
            assertThat(client.ended()).isZero();
        }

        assertThat(LargeFiles.cells(back)).isEqualTo(LargeFiles.cells(notebook));
        // What was written is read to the same again, byte for byte.
        assertThat(Files.mismatch(exported("sdk"), back)).isEqualTo(-1);
        HttpRequest.BodyPublisher other = HttpRequest.BodyPublishers.ofString("{\"path\":\"" + HOME + "other\"}");
        http.send(request("/api/2.0/workspace/mkdirs").POST(other).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(imported("other/sdk", back).statusCode()).isEqualTo(200);
        assertThat(Files.mismatch(exported("other/sdk"), back)).isEqualTo(-1);
        assertThat(services.alive()).isTrue();
    }

    @Test
    void othersAreAnsweredWhileOneIsOnItsWay() throws Exception {
        Path body = files.body("slow.json", HOME + "slow", files.notebook("slow.ipynb", 95 * MEGABYTE));
        CompletableFuture<HttpResponse<String>> large =
                http.sendAsync(post(HttpRequest.BodyPublishers.ofFile(body)), HttpResponse.BodyHandlers.ofString());
        long longest = 0;
        int small = 0;

        while (!large.isDone()) {
            long from = System.nanoTime();
            HttpResponse<String> answer = imported("small" + small, files.notebook("small.ipynb", 1));
            longest = Math.max(longest, System.nanoTime() - from);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            small++;
        }

        assertThat(large.join().statusCode()).as(large.join().body()).isEqualTo(200);
        assertThat(small).isGreaterThan(3);
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatIsTooLargeOrNoNotebookIsRefusedByName() throws Exception {
        refused("deep", "MAX_NOTEBOOK_SIZE_EXCEEDED", out -> {
            out.write("{\"nbformat\":4,\"metadata\":{},\"cells\":[".getBytes(StandardCharsets.UTF_8));
            out.write("[".repeat(10_000).getBytes(StandardCharsets.UTF_8));
            out.write(("]".repeat(10_000) + "]}").getBytes(StandardCharsets.UTF_8));
        });
        refused("many", "MAX_NOTEBOOK_SIZE_EXCEEDED", out -> {
            out.write("{\"nbformat\":4,\"metadata\":{},\"cells\":[{\"cell_type\":\"raw\"}"
                    .getBytes(StandardCharsets.UTF_8));
            byte[] cell = ",{\"cell_type\":\"raw\"}".getBytes(StandardCharsets.UTF_8);
            for (int i = 1; i < 1_000_000; i++) {
                out.write(cell);
            }
            out.write("]}".getBytes(StandardCharsets.UTF_8));
        });
        refused("wide", "MAX_NOTEBOOK_SIZE_EXCEEDED", out -> {
            out.write("{\"nbformat\":4,\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"source\":["
                    .getBytes(StandardCharsets.UTF_8));
            byte[] line = "\"\",".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 30; i++) {
                out.write(line);
            }
            out.write("\"\"]}]}".getBytes(StandardCharsets.UTF_8));
        });
        refused("one", "MAX_NOTEBOOK_SIZE_EXCEEDED", out -> {
            out.write("{\"nbformat\":4,\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"source\":\""
                    .getBytes(StandardCharsets.UTF_8));
            byte[] text = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 90; i++) {
                out.write(text);
            }
            out.write("\"}]}".getBytes(StandardCharsets.UTF_8));
        });
        refused("cut", "INVALID_PARAMETER_VALUE", out -> Files.copy(files.notebook("whole.ipynb", 40 * MEGABYTE), out));
        assertThat(services.alive()).isTrue();
    }

    @Test
    void base64ThatIsNoneIsRefusedHoweverLong() throws Exception {
        for (String bad : new String[] {"\\n", "!", "=", "\\u00e9"}) {
            Path body = files.file("bad.json", out -> {
                out.write(("{\"path\":\"" + HOME + "bad\",\"format\":\"JUPYTER\",\"content\":\"")
                        .getBytes(StandardCharsets.UTF_8));
                byte[] text = "QUJD".repeat(250_000).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 60; i++) {
                    out.write(text);
                    out.write(i == 50 ? bad.getBytes(StandardCharsets.UTF_8) : new byte[0]);
                }
                out.write("\"}".getBytes(StandardCharsets.UTF_8));
            });

            HttpResponse<String> answer =
                    http.send(post(HttpRequest.BodyPublishers.ofFile(body)), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(bad).isEqualTo(400);
            assertThat(answer.body()).contains("INVALID_PARAMETER_VALUE").contains("Field content");
        }
    }

    @Test
    void moreThanAHundredMegabytesAreRefusedBeforeTheyCome() throws Exception {
        String announced = exchange("Content-Length: 200000000\r\n", null);
        assertThat(announced)
                .startsWith("HTTP/1.1 400")
                .contains("MAX_NOTEBOOK_SIZE_EXCEEDED")
                .contains("Field content");

        String unannounced = exchange("Transfer-Encoding: chunked\r\n", "{\"path\":\"/x\",\"content\":\"");
        assertThat(unannounced)
                .startsWith("HTTP/1.1 400")
                .contains("MAX_NOTEBOOK_SIZE_EXCEEDED")
                .contains("Field content");
    }

    @Test
    void aProcessThatIsKilledInTheMiddleLeavesNothing() throws Exception {
        Path body = files.body("killed.json", HOME + "killed", files.notebook("killed.ipynb", 95 * MEGABYTE));
        long before = count("select count(*) from cell_output");
        CompletableFuture<HttpResponse<String>> large =
                http.sendAsync(post(HttpRequest.BodyPublishers.ofFile(body)), HttpResponse.BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> large.isDone() || count(WRITING) > 0);
        assertThat(large).as("the import was still on its way").isNotDone();

        services.close();
        launch();

        assertThat(get("/api/2.0/workspace/get-status?path=" + query(HOME + "killed"))
                        .statusCode())
                .isEqualTo(404);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(count("select count(*) from cell_output")).isEqualTo(before));
        for (String left : new String[] {"spool/workspace", "spool/notebook-service", "objects/.staging"}) {
            try (Stream<Path> found = Files.list(folder.resolve("data").resolve(left))) {
                assertThat(found).as(left).isEmpty();
            }
        }
        HttpResponse<String> again =
                http.send(post(HttpRequest.BodyPublishers.ofFile(body)), HttpResponse.BodyHandlers.ofString());
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    }

    private static final String WRITING = "select count(*) from pg_stat_activity where query like '%cell_output%'"
            + " and query not like '%pg_stat_activity%' and state <> 'idle' and xact_start is not null";

    private void refused(String name, String code, LargeFiles.Writing writing) throws Exception {
        Path content = files.file(name, writing);
        if (name.equals("cut")) {
            try (var channel = java.nio.channels.FileChannel.open(content, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate(30 * MEGABYTE);
            }
        }
        HttpResponse<String> answer = imported(name, content);
        assertThat(answer.statusCode()).as(name + ": " + answer.body()).isEqualTo(400);
        assertThat(answer.body()).as(name).contains(code).contains("Field c");
        assertThat(get("/api/2.0/workspace/get-status?path=" + query(HOME + name))
                        .statusCode())
                .as(name)
                .isEqualTo(404);
    }

    private HttpResponse<String> imported(String name, Path content) throws Exception {
        Path body = files.body(flat(name) + ".json", HOME + name, content);
        return http.send(post(HttpRequest.BodyPublishers.ofFile(body)), HttpResponse.BodyHandlers.ofString());
    }

    private Path exported(String name) throws Exception {
        return http.send(
                        request("/api/2.0/workspace/export?format=JUPYTER&direct_download=true&path="
                                        + query(HOME + name))
                                .build(),
                        HttpResponse.BodyHandlers.ofFile(folder.resolve(flat(name) + "-exported.ipynb")))
                .body();
    }

    private static String flat(String name) {
        return name.replace('/', '-');
    }

    private HttpRequest post(HttpRequest.BodyPublisher body) {
        return request("/api/2.0/workspace/import").POST(body).build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(host() + path)).header("Authorization", "Bearer " + token);
    }

    /** Sends the head of an import, then text without end where {@code begin} is given; what was answered. */
    private String exchange(String length, @Nullable String begin) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/2.0/workspace/import HTTP/1.1\r\nHost: localhost:" + port
                            + "\r\nAuthorization: Bearer " + token + "\r\n" + length + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> read(socket));
            byte[] piece = ("100000\r\n" + "QUJD".repeat(0x40000) + "\r\n").getBytes(StandardCharsets.UTF_8);
            try {
                if (begin != null) {
                    out.write((Integer.toHexString(begin.length()) + "\r\n" + begin + "\r\n")
                            .getBytes(StandardCharsets.UTF_8));
                }
                for (int sent = 0; begin != null && !answer.isDone() && sent < 400; sent++) {
                    out.write(piece);
                }
            } catch (java.io.IOException refused) {
                // What was said before the connection was closed is what counts.
            }
            return answer.get(60, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    private static String read(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[8192];
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                text.append(new String(piece, 0, got, StandardCharsets.UTF_8));
                if (text.indexOf("}") >= 0) {
                    break;
                }
            }
        } catch (java.io.IOException closed) {
            // The answer is what came until then.
        }
        return text.toString();
    }

    private void launch() throws Exception {
        services = new Child(
                HEAP,
                ServicesMain.class,
                folder.resolve("data").toString(),
                database.jdbcUrl(),
                database.user(),
                database.password().value());
        String[] ready = services.said("READY");
        port = Integer.parseInt(ready[1]);
        token = ready[2];
    }

    private String host() {
        return "http://localhost:" + port;
    }

    private static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private long count(String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        database.jdbcUrl(), database.user(), database.password().value());
                var statement = connection.createStatement()) {
            statement.execute("set search_path to notebook_service, public");
            var found = statement.executeQuery(sql);
            found.next();
            return found.getLong(1);
        }
    }
}
