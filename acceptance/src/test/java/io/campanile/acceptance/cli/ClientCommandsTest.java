package io.campanile.acceptance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.OnSharedInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at a terminal, and a script: from signing in to signing out. */
@Tag("slow")
@OnSharedInstallation
final class ClientCommandsTest {

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Command command;

    @BeforeAll
    static void start(Installation shared) throws Exception {
        installation = shared;
        command = new Command(folder);
        command.run("login", "--local", "--data-dir", installation.dataDir().toString())
                .ok();
    }

    @Test
    void localSignInKeepsATokenOfItsOwnThatLogoutEnds() throws Exception {
        String admin = installation.admin().path("token").asText();
        command.run("login", "--local", "--data-dir", installation.dataDir().toString(), "--profile", "short")
                .ok();
        String text = Files.readString(command.profiles());

        assertThat(text)
                .contains("[short]")
                .contains("host = " + installation.url())
                .doesNotContain(admin);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(command.profiles())))
                .isEqualTo("rw-------");

        String token = text.substring(text.indexOf("[short]")).replaceAll("(?s).*?\\ntoken = (\\S+).*", "$1");
        command.run("logout", "--profile", "short").ok();
        // The gateway may know a token for three seconds after its end (docs/contracts.md, 3).
        await().atMost(Duration.ofSeconds(5))
                .until(() -> command.typing(
                                        token + "\n",
                                        "login",
                                        "--token-stdin",
                                        "--host",
                                        installation.url(),
                                        "--profile",
                                        "revoked")
                                .code()
                        == 3);
        assertThat(command.run("workspace", "ls", "--profile", "short").code()).isEqualTo(3);
    }

    @Test
    void aPasswordSignsInAndLeavesNoSession() throws Exception {
        JsonNode admin = installation.admin();

        command.typing(
                        admin.path("password").asText() + "\n",
                        "login",
                        "--password-stdin",
                        "--host",
                        installation.url(),
                        "--user",
                        admin.path("user").asText(),
                        "--profile",
                        "person")
                .ok();

        assertThat(Files.readString(command.profiles()))
                .doesNotContain(admin.path("password").asText());
        assertThat(command.run("workspace", "stat", "/", "--profile", "person", "-o", "json")
                        .json()
                        .path("object_type")
                        .asText())
                .isEqualTo("DIRECTORY");
        command.run("logout", "--profile", "person").ok();
    }

    @Test
    void aFolderOfNotebooksComesBackByteForByte() throws Exception {
        Path top = folder.resolve("notebooks");
        Path in = Files.createDirectories(top.resolve("sub dir"));
        String java = "// Databricks notebook source\nint größe = 1;\n\n// COMMAND ----------\n\n"
                + "// MAGIC %sql select 1\n";
        String sql = "-- Databricks notebook source\nselect '数据'\n";
        Files.writeString(in.resolve("a b.java"), java);
        Files.writeString(top.resolve("q.sql"), sql);

        command.run("workspace", "import", top.toString(), "/Shared/cli").ok();
        JsonNode listed = command.run("workspace", "ls", "--recursive", "/Shared/cli", "-o", "json")
                .json();
        Path out = folder.resolve("back");
        command.run("workspace", "export", "/Shared/cli", out.toString()).ok();
        command.run("workspace", "import", out.toString(), "/Shared/cli", "--overwrite")
                .ok();

        assertThat(listed.path("objects"))
                .extracting(object -> object.path("path").asText())
                .containsExactlyInAnyOrder("/Shared/cli/q", "/Shared/cli/sub dir", "/Shared/cli/sub dir/a b");
        assertThat(out.resolve("sub dir/a b.java")).hasContent(java);
        assertThat(out.resolve("q.sql")).hasContent(sql);
        assertThat(command.run("workspace", "cat", "/Shared/cli/q").ok().out()).isEqualTo(sql);
        Command.Ended again = command.run("workspace", "import", out.toString(), "/Shared/cli");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("RESOURCE_ALREADY_EXISTS").contains("--overwrite");
    }

    @Test
    void objectsMoveAndGo() throws Exception {
        command.run("workspace", "mkdir", "/Shared/from", "/Shared/to").ok();
        Path file = Files.writeString(folder.resolve("n.sql"), "select 1");
        command.run("workspace", "import", file.toString(), "/Shared/from/n").ok();

        command.run("workspace", "mv", "/Shared/from/n", "/Shared/to").ok();
        command.run("workspace", "mv", "/Shared/to/n", "/Shared/to/renamed").ok();

        assertThat(command.run("workspace", "ls", "/Shared/to").ok().out()).isEqualTo("/Shared/to/renamed\n");
        assertThat(command.run("workspace", "stat", "/Shared/from/n").code()).isEqualTo(4);
        assertThat(command.run("workspace", "rm", "/Shared/to").err()).contains("Give -r");
        assertThat(command.run("workspace", "rm", "-r", "/Shared/to").code()).isEqualTo(2);
        command.run("workspace", "rm", "-r", "--yes", "/Shared/to").ok();
        assertThat(command.run("workspace", "ls", "/Shared/to").code()).isEqualTo(4);
    }

    @Test
    void aVolumeIsMadeFilledRenamedAndDeleted() throws Exception {
        command.run("volumes", "create", "cli_data", "--comment", "by cli").ok();
        Path file = Files.writeString(folder.resolve("v.csv"), "a,b\n");
        command.run("fs", "cp", file.toString(), "/Volumes/main/default/cli_data/v.csv")
                .ok();

        assertThat(command.run("volumes", "list").ok().out())
                .contains("main.default.cli_data")
                .contains("by cli");
        command.run("volumes", "update", "cli_data", "--name", "cli_kept").ok();
        assertThat(command.run("fs", "cat", "/Volumes/main/default/cli_kept/v.csv")
                        .ok()
                        .out())
                .isEqualTo("a,b\n");
        command.run("volumes", "delete", "main.default.cli_kept", "--yes").ok();
        assertThat(command.run("volumes", "get", "cli_kept").code()).isEqualTo(4);
    }

    @Test
    void tokensAreMadeListedAndRevoked() throws Exception {
        JsonNode made = command.run("tokens", "create", "--comment", "by cli", "--lifetime", "1h", "-o", "json")
                .json();
        String id = made.path("token_info").path("token_id").asText();

        assertThat(command.run("tokens", "list").ok().out()).contains(id).contains("by cli");
        command.run("tokens", "revoke", id).ok();
        assertThat(command.run("tokens", "list").ok().out()).doesNotContain(id);
        assertThat(command.run("tokens", "revoke", id).code()).isEqualTo(4);
    }

    /** Printed, not judged: what else the machine does is no part of it. */
    @Test
    void aCommandIsTimed() throws Exception {
        long best = IntStream.range(0, 5).mapToLong(round -> timed()).min().orElseThrow();
        System.out.println("campanile workspace ls /: " + best + " ms, best of five");

        assertThat(best).isPositive();
    }

    private static long timed() {
        try {
            return command.run("workspace", "ls", "/").ok().millis();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
