package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transfers: whole, in blocks, broken off and gone on with. */
final class FilesTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "/api/2.0/fs/files/Volumes/main/default/v/a%20b.bin";
    private static final String PLAIN = "/api/2.0/fs/files/Volumes/main/default/v/a b.bin";
    private static final String REMOTE = "/Volumes/main/default/v/a b.bin";

    private final byte[] content = new byte[2_500_000];

    @BeforeEach
    void fill() {
        new Random(7).nextBytes(content);
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItStopped() throws IOException {
        AtomicInteger gets = new AtomicInteger();
        serve("\"v1\"");
        server.on("GET " + PLAIN, (exchange, asked) -> {
            int from = from(asked);
            boolean breaks = gets.incrementAndGet() == 1;
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            exchange.getResponseBody().write(content, from, breaks ? 1_000_000 : content.length - from);
            exchange.getResponseBody().flush();
            if (breaks) {
                throw new IOException("the connection is cut");
            }
            exchange.close();
        });

        Cli.Ended ended = cli.run("fs", "cp", REMOTE, home.resolve("got").toString());

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Files.readAllBytes(home.resolve("got"))).isEqualTo(content);
        PlayedServer.Asked again = server.asked("GET " + FILE).get(1);
        assertThat(again.header("Range")).matches("bytes=[1-9][0-9]*-");
        assertThat(again.header("If-match")).isEqualTo("\"v1\"");
        assertThat(left()).containsExactly("got");
    }

    @Test
    void thePartOfACommandThatWasStoppedIsUsedByTheNextAndAnotherVersionsIsNot() throws IOException {
        serve("\"v1\"");
        server.on("GET " + PLAIN, (exchange, asked) -> {
            int from = from(asked);
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length);
            exchange.getResponseBody().write(content, from, from > 0 ? 0 : 1_500_000);
            exchange.getResponseBody().flush();
            throw new IOException("the connection is cut");
        });
        String target = home.resolve("got").toString();
        assertThat(cli.run("fs", "cp", REMOTE, target).code()).isEqualTo(5);
        assertThat(left()).hasSize(1).allMatch(name -> name.startsWith(".got.") && name.endsWith(".part"));

        serve("\"v2\"");
        int before = server.asked("GET " + FILE).size();
        sendAll();
        assertThat(cli.run("fs", "cp", REMOTE, target).code()).isZero();

        assertThat(server.asked("GET " + FILE).get(before).header("Range")).isEmpty();
        assertThat(Files.readAllBytes(home.resolve("got"))).isEqualTo(content);
        assertThat(left()).containsExactly("got");
    }

    @Test
    void aFileThatIsThereIsNotReplacedUnasked() throws IOException {
        Files.writeString(home.resolve("got"), "mine");
        serve("\"v1\"");
        sendAll();

        Cli.Ended ended = cli.run("fs", "cp", REMOTE, home.resolve("got").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(home.resolve("got")).hasContent("mine");
        assertThat(cli.run(
                                "fs",
                                "cp",
                                "--overwrite",
                                REMOTE,
                                home.resolve("got").toString())
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(home.resolve("got"))).isEqualTo(content);
    }

    @Test
    void anUploadSendsTheBytesWithTheirLengthAndShowsProgressOnlyOnATerminal() throws IOException {
        Path file = Files.write(home.resolve("up.bin"), content);
        AtomicReference<byte[]> stored = new AtomicReference<>();
        server.on("PUT " + PLAIN, (exchange, asked) -> {
            stored.set(asked.body());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.on("HEAD " + PLAIN, (exchange, asked) -> {
            byte[] there = stored.get();
            if (there == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(there.length));
                exchange.sendResponseHeaders(200, -1);
            }
            exchange.close();
        });

        Cli.Ended piped = cli.run("fs", "cp", file.toString(), REMOTE);
        Cli.Ended watched = cli.onTerminal(80).run("fs", "cp", "--overwrite", file.toString(), REMOTE);

        assertThat(piped.code()).as(piped.err()).isZero();
        assertThat(stored.get()).isEqualTo(content);
        assertThat(server.asked("PUT " + FILE).get(0).header("Content-length")).isEqualTo("2500000");
        assertThat(server.asked("PUT " + FILE).get(0).target()).endsWith("?overwrite=false");
        assertThat(piped.err()).doesNotContain("MB/s");
        assertThat(watched.err()).contains("100 %").contains("MB/s");
    }

    @Test
    void aLargeUploadGoesOnWithWhatTheServerHasAlsoInAnotherCommand() throws IOException {
        byte[] large = new byte[40 * 1024 * 1024];
        new Random(8).nextBytes(large);
        Path file = Files.write(home.resolve("large.bin"), large);
        String uploads = "/api/campanile/v1/files/uploads";
        byte[] there = new byte[large.length];
        AtomicInteger received = new AtomicInteger();
        AtomicInteger accepts = new AtomicInteger(15_000_000);
        server.on("HEAD " + PLAIN, (exchange, asked) -> {
            boolean complete = !server.asked("POST " + uploads + "/9/complete").isEmpty();
            if (complete) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(large.length));
            }
            exchange.sendResponseHeaders(complete ? 200 : 404, -1);
            exchange.close();
        });
        server.on("POST " + uploads, 200, "{\"upload_id\":\"9\",\"received\":0}");
        server.on("POST " + uploads + "/9/complete", 200, "{}");
        server.on(
                "GET " + uploads + "/9",
                (exchange, asked) ->
                        PlayedServer.send(exchange, 200, "{\"upload_id\":\"9\",\"received\":" + received + "}"));
        server.on("PUT " + uploads + "/9", (exchange, asked) -> {
            assertThat(asked.target()).endsWith("?offset=" + received);
            int count = Math.min(accepts.get(), asked.body().length);
            System.arraycopy(asked.body(), 0, there, received.getAndAdd(count), count);
            if (count < asked.body().length) {
                // Part of it was stored when the connection broke.
                accepts.set(0);
                exchange.close();
                return;
            }
            PlayedServer.send(exchange, 200, "{\"received\":" + received + "}");
        });

        assertThat(cli.run("fs", "cp", file.toString(), REMOTE).code()).isEqualTo(5);
        accepts.set(Integer.MAX_VALUE);
        Cli.Ended ended = cli.run("fs", "cp", file.toString(), REMOTE);

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(there).isEqualTo(large);
        assertThat(server.asked("POST " + uploads))
                .extracting(PlayedServer.Asked::target)
                .containsExactly(uploads, uploads + "/9/complete");
        assertThat(home.resolve(".cache/campanile/uploads")).isEmptyDirectory();
    }

    @Test
    void dbfsTakesBlocksOfAMegabyteAndTheSizeIsChecked() throws IOException {
        Path file = Files.write(home.resolve("up.bin"), content);
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        AtomicInteger blocks = new AtomicInteger();
        server.on("POST /api/2.0/dbfs/create", (exchange, asked) -> {
            stored.reset();
            PlayedServer.send(exchange, 200, "{\"handle\":7}");
        });
        server.on("POST /api/2.0/dbfs/add-block", (exchange, asked) -> {
            JsonNode block = JSON.readTree(asked.body());
            stored.writeBytes(Base64.getDecoder().decode(block.path("data").asText()));
            if (blocks.incrementAndGet() == 2) {
                // Stored, but the answer is lost: only the whole upload can be sent again.
                exchange.close();
                return;
            }
            PlayedServer.send(exchange, 200, "{}");
        });
        server.on("POST /api/2.0/dbfs/close", 200, "{}");
        server.on("GET /api/2.0/dbfs/get-status", (exchange, asked) -> {
            boolean there = !server.asked("POST /api/2.0/dbfs/close").isEmpty();
            PlayedServer.send(
                    exchange,
                    there ? 200 : 404,
                    there
                            ? "{\"path\":\"/t/up.bin\",\"is_dir\":false,\"file_size\":" + stored.size() + "}"
                            : "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"No file\"}");
        });

        Cli.Ended ended = cli.run("fs", "cp", file.toString(), "dbfs:/t/up.bin");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(stored.toByteArray()).isEqualTo(content);
        assertThat(server.asked("POST /api/2.0/dbfs/create")).hasSize(2);
        assertThat(server.asked("POST /api/2.0/dbfs/create").get(0).text()).contains("\"overwrite\":false");
    }

    @Test
    void dbfsIsReadInBlocks() {
        server.on(
                "GET /api/2.0/dbfs/get-status",
                200,
                "{\"path\":\"/x\",\"is_dir\":false,\"file_size\":" + content.length + ",\"modification_time\":5}");
        server.on("GET /api/2.0/dbfs/read", (exchange, asked) -> {
            int offset = Integer.parseInt(asked.target().replaceAll(".*offset=([0-9]+).*", "$1"));
            int count = Math.min(1024 * 1024, content.length - offset);
            byte[] block = java.util.Arrays.copyOfRange(content, offset, offset + count);
            PlayedServer.send(
                    exchange,
                    200,
                    "{\"bytes_read\":" + count + ",\"data\":\""
                            + Base64.getEncoder().encodeToString(block) + "\"}");
        });

        assertThat(cli.run("fs", "cp", "dbfs:/x", home.resolve("got").toString())
                        .code())
                .isZero();
        assertThat(home.resolve("got")).hasBinaryContent(content);
        assertThat(server.asked("GET /api/2.0/dbfs/read")).hasSize(3);
    }

    @Test
    void aNameOfTheServerDoesNotLeadOutOfTheFolder() {
        String folder = "/api/2.0/fs/directories/Volumes/main/default/v";
        server.on("HEAD " + folder, 200, "");
        server.on(
                "GET " + folder,
                200,
                "{\"contents\":[{\"path\":\"/Volumes/main/default/v/..\",\"is_directory\":true}]}");

        Cli.Ended ended = cli.run(
                "fs", "cp", "-r", "/Volumes/main/default/v", home.resolve("in").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("'..' cannot be the name of a file here");
    }

    @Test
    void deletingAFolderAsksOnATerminalAndRefusesElsewhere() {
        server.on("GET /api/2.0/dbfs/get-status", 200, "{\"path\":\"/d\",\"is_dir\":true}");
        server.on("POST /api/2.0/dbfs/delete", 200, "{}");

        assertThat(cli.run("fs", "rm", "-r", "dbfs:/d").code()).isEqualTo(2);
        assertThat(new Cli(home)
                        .at(server)
                        .onTerminal(80)
                        .typing("n\n")
                        .run("fs", "rm", "-r", "dbfs:/d")
                        .code())
                .isEqualTo(1);
        assertThat(server.asked("POST")).isEmpty();
        assertThat(new Cli(home)
                        .at(server)
                        .onTerminal(80)
                        .typing("y\n")
                        .run("fs", "rm", "-r", "dbfs:/d")
                        .code())
                .isZero();
        assertThat(cli.run("fs", "rm", "-r", "--yes", "dbfs:/d").code()).isZero();
        assertThat(server.asked("POST /api/2.0/dbfs/delete")).hasSize(2);
    }

    private void serve(String tag) {
        server.on("HEAD " + PLAIN, (exchange, asked) -> {
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
    }

    private void sendAll() {
        server.on("GET " + PLAIN, (exchange, asked) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
    }

    private static int from(PlayedServer.Asked asked) {
        String range = asked.header("Range");
        return range.isEmpty() ? 0 : Integer.parseInt(range.substring(6, range.length() - 1));
    }

    private java.util.List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
