package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands send, and what they print of the answer. */
final class CommandsTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATUS = "GET /api/2.0/workspace/get-status";
    private static final String ABSENT = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"Not there\"}";

    private JsonNode sent(String route) throws IOException {
        return JSON.readTree(server.asked(route).get(0).body());
    }

    @Test
    void aListIsATableForPeopleAndTheApisJsonForScripts() throws IOException {
        String answer = "{\"objects\":[{\"object_type\":\"DIRECTORY\",\"path\":\"/Shared\",\"unknown\":1},"
                + "{\"object_type\":\"NOTEBOOK\",\"language\":\"JAVA\",\"path\":\"/n\"}]}";
        server.on("GET /api/2.0/workspace/list", 200, answer);

        assertThat(cli.run("workspace", "ls", "-l").out()).isEqualTo("""
                TYPE       LANGUAGE  SIZE  MODIFIED  PATH
                DIRECTORY                            /Shared/
                NOTEBOOK   JAVA                      /n
                """);
        assertThat(cli.run("workspace", "ls").out()).isEqualTo("/Shared/\n/n\n");
        assertThat(JSON.readTree(cli.run("workspace", "ls", "-o", "json").out()))
                .isEqualTo(JSON.readTree(answer));
    }

    @Test
    void anImportSendsTheFileInBase64AndKnowsNotebooksByTheirFirstLine() throws IOException {
        byte[] source =
                ("// Databricks notebook source\nint x = 1;\n" + "é".repeat(60_000)).getBytes(StandardCharsets.UTF_8);
        Path folder = Files.createDirectories(home.resolve("in/sub"));
        Files.write(folder.resolve("n.java"), source);
        Files.writeString(folder.resolve("plain.py"), "print(1)");
        Files.writeString(folder.resolve("b.ipynb"), "{}");
        server.on(STATUS, 404, ABSENT);
        server.on("POST /api/2.0/workspace/mkdirs", 200, "{}");
        server.on("POST /api/2.0/workspace/import", (exchange, asked) -> {
            boolean refused = asked.text().contains("plain.py");
            PlayedServer.send(exchange, refused ? 400 : 200, refused ? "{\"message\":\"No notebook\"}" : "{}");
        });

        Cli.Ended ended = cli.run("workspace", "import", home.resolve("in").toString(), "/Shared/in", "--overwrite");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("plain.py: No notebook").contains("Imported 2 files to /Shared/in; 1 failed.");
        assertThat(server.asked("POST /api/2.0/workspace/import"))
                .extracting(asked -> JSON.readTree(asked.body()).path("path").asText() + " "
                        + JSON.readTree(asked.body()).path("format").asText())
                .containsExactly("/Shared/in/sub/b JUPYTER", "/Shared/in/sub/n SOURCE", "/Shared/in/sub/plain.py AUTO");
        JsonNode notebook = JSON.readTree(
                server.asked("POST /api/2.0/workspace/import").get(1).body());
        assertThat(notebook.path("language").asText()).isEqualTo("JAVA");
        assertThat(notebook.path("overwrite").asBoolean()).isTrue();
        assertThat(Base64.getDecoder().decode(notebook.path("content").asText()))
                .isEqualTo(source);
    }

    @Test
    void anExportedNameDoesNotLeadOutOfTheFolder() {
        server.on(STATUS, 200, "{\"object_type\":\"DIRECTORY\",\"path\":\"/d\"}");
        server.on(
                "GET /api/2.0/workspace/list",
                200,
                "{\"objects\":[{\"object_type\":\"FILE\",\"path\":\"/d/..\"},"
                        + "{\"object_type\":\"NOTEBOOK\",\"language\":\"SQL\",\"path\":\"/d/q\"}]}");
        server.on("GET /api/2.0/workspace/export", 200, "select 1");

        Cli.Ended ended =
                cli.run("workspace", "export", "/d", home.resolve("out").toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("/d/..: '..' cannot be the name of a file here");
        assertThat(home.resolve("out/q.sql")).hasContent("select 1");
    }

    @Test
    void aSecretIsReadFromStandardInputByteForByteAndIsNoArgument() throws IOException {
        server.on("POST /api/2.0/secrets/put", 200, "{}");
        server.on("GET /api/2.0/secrets/get", 200, "{\"key\":\"k\",\"value\":\"aMOpCg==\"}");

        assertThat(cli.typing("hé\n").run("secrets", "put", "s", "k").code()).isZero();
        assertThat(cli.run("secrets", "put", "s", "k", "value").code()).isEqualTo(2);
        Cli.Ended got = cli.run("secrets", "get", "s", "k");

        assertThat(sent("POST /api/2.0/secrets/put").path("string_value").asText())
                .isEqualTo("hé\n");
        assertThat(server.asked("POST /api/2.0/secrets/put")).hasSize(1);
        assertThat(got.out()).isEqualTo("hé\n");
    }

    @Test
    void aGitFolderIsClonedFoundByPathMovedAndDeleted() throws IOException {
        String repo =
                "{\"id\":7,\"path\":\"/Repos/a/r\",\"branch\":\"main\",\"head_commit_id\":\"0123456789abcdef\",\"url\":\"https://h/r.git\"}";
        server.on("POST /api/2.0/repos", 200, repo);
        server.on(STATUS, 200, "{\"object_type\":\"REPO\",\"object_id\":7}");
        server.on("PATCH /api/2.0/repos/7", 200, "{}");
        server.on("DELETE /api/2.0/repos/7", 200, "{}");
        server.on("GET /api/2.0/repos", 200, "{\"repos\":[" + repo + "]}");

        assertThat(cli.run("repos", "create", "https://h/r.git", "--provider", "gitHub")
                        .code())
                .isZero();
        assertThat(sent("POST /api/2.0/repos").toString())
                .isEqualTo("{\"url\":\"https://h/r.git\",\"provider\":\"gitHub\"}");
        assertThat(cli.run("repos", "list").out()).isEqualTo("""
                ID  PATH        BRANCH  COMMIT      URL
                7   /Repos/a/r  main    0123456789  https://h/r.git
                """);
        assertThat(cli.run("repos", "update", "/Repos/a/r", "--tag", "v1").code())
                .isZero();
        assertThat(sent("PATCH /api/2.0/repos/7").toString()).isEqualTo("{\"tag\":\"v1\"}");
        assertThat(cli.run("repos", "update", "7").code()).isEqualTo(2);
        assertThat(cli.run("repos", "delete", "7", "--yes").code()).isZero();
        assertThat(server.asked("DELETE /api/2.0/repos/7")).hasSize(1);
    }

    @Test
    void aGitTokenIsReadFromStandardInputAndIsNoArgument() throws IOException {
        server.on("POST /api/2.0/git-credentials", 200, "{\"credential_id\":5}");

        assertThat(cli.typing("secret\n")
                        .run("repos", "credentials", "create", "gitHub")
                        .code())
                .isZero();
        assertThat(cli.run("repos", "credentials", "create", "gitHub", "secret").code())
                .isEqualTo(2);

        assertThat(sent("POST /api/2.0/git-credentials")
                        .path("personal_access_token")
                        .asText())
                .isEqualTo("secret");
        assertThat(server.asked("POST /api/2.0/git-credentials")).hasSize(1);
    }

    @Test
    void aMemberIsFoundByNameAndNamesCannotBreakOutOfTheFilter() throws IOException {
        server.on("GET /api/2.0/preview/scim/v2/Groups", 200, "{\"totalResults\":1,\"Resources\":[{\"id\":\"9\"}]}");
        server.on("GET /api/2.0/preview/scim/v2/Groups/9", 200, "{\"id\":\"9\",\"displayName\":\"data\"}");
        server.on("GET /api/2.0/preview/scim/v2/Users", 200, "{\"totalResults\":1,\"Resources\":[{\"id\":\"5\"}]}");
        server.on("GET /api/2.0/preview/scim/v2/Users/5", 200, "{\"id\":\"5\"}");
        server.on("PATCH /api/2.0/preview/scim/v2/Groups/9", 200, "{}");

        assertThat(cli.run("groups", "add-member", "data", "a\" or \"b").code()).isZero();

        assertThat(server.asked("GET /api/2.0/preview/scim/v2/Users?").get(0).target())
                .contains("filter=userName%20eq%20%22a%5C%22%20or%20%5C%22b%22");
        JsonNode operation = sent("PATCH").path("Operations").path(0);
        assertThat(operation.toString())
                .isEqualTo("{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"5\"}]}");
    }

    @Test
    void permissionsOfAPathAreThoseOfItsObject() throws IOException {
        server.on(STATUS, 200, "{\"object_type\":\"NOTEBOOK\",\"object_id\":42,\"path\":\"/n\"}");
        server.on(
                "PATCH /api/2.0/permissions/notebooks/42",
                200,
                "{\"access_control_list\":[{\"user_name\":\"ann\",\"all_permissions\":["
                        + "{\"permission_level\":\"CAN_RUN\","
                        + "\"inherited\":false}]},{\"group_name\":\"admins\",\"all_permissions\":["
                        + "{\"permission_level\":"
                        + "\"CAN_MANAGE\",\"inherited\":true,\"inherited_from_object\":[\"/directories/1\"]}]}]}");

        Cli.Ended ended = cli.run("permissions", "add", "/n", "user:ann=can_run");

        assertThat(sent("PATCH").toString())
                .isEqualTo("{\"access_control_list\":[{\"user_name\":\"ann\",\"permission_level\":\"CAN_RUN\"}]}");
        assertThat(ended.out()).isEqualTo("""
                KIND   NAME    LEVEL       INHERITED FROM
                user   ann     CAN_RUN
                group  admins  CAN_MANAGE  /directories/1
                """);
        assertThat(cli.run("permissions", "add", "/n", "ann=CAN_RUN").code()).isEqualTo(2);
    }

    @Test
    void whereAPermissionComesFromIsAPathForPeople() throws IOException {
        Map<String, String> ids = Map.of("/Shared/a/n", "42", "/Shared/a", "1004", "/Shared", "1002", "/", "1");
        server.on(STATUS, (exchange, asked) -> {
            String path = URLDecoder.decode(asked.target().replaceFirst(".*path=", ""), StandardCharsets.UTF_8);
            boolean known = !path.equals("/Shared");
            PlayedServer.send(
                    exchange,
                    known ? 200 : 403,
                    known
                            ? "{\"object_type\":\"NOTEBOOK\",\"object_id\":" + ids.get(path) + "}"
                            : "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"No\"}");
        });
        String answer = "{\"access_control_list\":[{\"user_name\":\"ann\",\"all_permissions\":["
                + List.of("1004", "1002", "1").stream()
                        .map(id -> "{\"permission_level\":\"CAN_READ\",\"inherited\":true,"
                                + "\"inherited_from_object\":[\"/directories/" + id + "\"]}")
                        .collect(Collectors.joining(","))
                + "]}]}";
        server.on("GET /api/2.0/permissions/notebooks/42", 200, answer);

        assertThat(cli.run("permissions", "get", "/Shared/a/n").out()).isEqualTo("""
                KIND  NAME  LEVEL     INHERITED FROM
                user  ann   CAN_READ  /Shared/a
                user  ann   CAN_READ  /directories/1002
                user  ann   CAN_READ  /
                """);
        assertThat(cli.run("permissions", "get", "notebooks/42").out()).contains("/directories/1004");
        assertThat(JSON.readTree(cli.run("permissions", "get", "/Shared/a/n", "-o", "json")
                        .out()))
                .isEqualTo(JSON.readTree(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "503", "no JSON"})
    void permissionsThatWereSetAreShownThoughTheFoldersAboveCannotBe(String how) {
        server.on(STATUS, (exchange, asked) -> {
            if (asked.target().endsWith("n")) {
                PlayedServer.send(exchange, 200, "{\"object_type\":\"NOTEBOOK\",\"object_id\":42}");
            } else {
                PlayedServer.send(exchange, how.equals("no JSON") ? 200 : Integer.parseInt(how), "<html>");
            }
        });
        server.on("PUT /api/2.0/permissions/notebooks/42", 200, """
                {"access_control_list":[{"user_name":"ann","all_permissions":[{"permission_level":"CAN_READ",
                 "inherited":true,"inherited_from_object":["/directories/1004","/directories/1"]}]}]}""");

        Cli.Ended ended = cli.run("permissions", "set", "/Shared/a/n", "user:ann=CAN_READ");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("/directories/1004, /directories/1");
    }

    @Test
    void whatIsCalledWronglySaysHowItGoes() {
        Cli.Ended none = cli.run("workspace");
        Cli.Ended unknown = cli.run("workspace", "lss");
        Cli.Ended local = cli.run("fs", "ls", "/tmp");

        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("cat, export, import, ls").contains("campanile workspace --help");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(local.code()).isEqualTo(2);
        assertThat(cli.run("workspace", "ls", "--help").code()).isZero();
    }

    @Test
    void theScriptOfTheRepositoryHandsEveryCommandOver() throws Exception {
        String script = Files.readString(Path.of("..", "campanile"));
        String handed = script.lines()
                .filter(line -> line.startsWith("  login | "))
                .findFirst()
                .orElseThrow();
        String told = script.lines()
                .filter(line -> line.startsWith("  login, "))
                .findFirst()
                .orElseThrow();

        assertThat(handed.strip().replace(")", "").split(" \\| "))
                .contains("completion")
                .containsAll(CommandTree.names());
        assertThat(told.strip().split(", ")).containsExactlyInAnyOrderElementsOf(CommandTree.names());
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = Files.writeString(
                home.resolve("completion"), cli.run("completion", "bash").out());
        String ask = "source " + script + "; COMP_WORDS=(campanile workspace im); COMP_CWORD=2; _complete_campanile;"
                + " echo \"${COMPREPLY[@]}\"; COMP_WORDS=(campanile u); COMP_CWORD=1; _complete_campanile;"
                + " echo \"${COMPREPLY[@]}\"";

        Process bash = new ProcessBuilder("bash", "-c", ask)
                // Outside of a completion bash complains of 'compopt'.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().map(String::strip)).containsExactly("import", "usage users up");
    }

    @Test
    void policiesAreShownByNameAndChangedWithWhatIsGiven() throws IOException {
        String one = "{\"policy_id\":\"A1\",\"name\":\"small\",\"definition\":\"{}\",\"max_clusters_per_user\":3,"
                + "\"creator_user_name\":\"ann\",\"created_at_timestamp\":0}";
        String base = "/api/2.0/policies/clusters/";
        server.on("GET " + base + "list", 200, "{\"policies\":[" + one + "]}");
        server.on("GET " + base + "get", 404, ABSENT);
        server.on("POST " + base + "create", 200, "{\"policy_id\":\"B2\"}");
        server.on("POST " + base + "edit", 200, "{}");
        server.on("POST " + base + "delete", 200, "{}");
        Path rules = Files.writeString(home.resolve("rules.json"), "{\"num_workers\": {}}\n");

        assertThat(cli.run("policies", "list").out()).isEqualTo("""
                ID  NAME   FAMILY  PER USER  MADE  BY
                A1  small          3               ann
                """);
        assertThat(JSON.readTree(
                        cli.run("policies", "get", "small", "-o", "json").out()))
                .isEqualTo(JSON.readTree(one));
        assertThat(cli.run("policies", "get", "small", "--definition").out()).isEqualTo("{}\n");
        assertThat(cli.run("policies", "get", "none").code()).isEqualTo(4);
        assertThat(cli.typing("{}\n")
                        .run("policies", "create", "new", "--definition", "-", "--max-clusters-per-user", "2")
                        .err())
                .contains("Made the policy new (B2).");
        assertThat(sent("POST " + base + "create"))
                .isEqualTo(JSON.readTree("{\"name\":\"new\",\"definition\":\"{}\",\"max_clusters_per_user\":2}"));
        cli.run("policies", "edit", "small", "--definition", rules.toString(), "--max-clusters-per-user", "0");
        assertThat(sent("POST " + base + "edit"))
                .isEqualTo(JSON.readTree(
                        "{\"policy_id\":\"A1\",\"name\":\"small\"," + "\"definition\":\"{\\\"num_workers\\\": {}}\"}"));
        assertThat(cli.run("policies", "edit", "small", "--definition", "-", "--family", "x")
                        .code())
                .isEqualTo(2);
        assertThat(cli.run("policies", "delete", "small").code()).isNotZero();
        assertThat(cli.run("policies", "delete", "small", "--yes").code()).isZero();
        assertThat(sent("POST " + base + "delete")).isEqualTo(JSON.readTree("{\"policy_id\":\"A1\"}"));
    }

    @Test
    void aVolumeIsNamedInThreeWaysMadeChangedAndDeleted() throws IOException {
        String base = "/api/2.1/unity-catalog/volumes";
        String one = "{\"full_name\":\"main.default.data\",\"owner\":\"ann\",\"comment\":\"raw\",\"created_at\":0}";
        server.on("GET " + base, (exchange, asked) -> {
            boolean second = asked.target().contains("page_token=2");
            PlayedServer.send(
                    exchange,
                    200,
                    second ? "{\"volumes\":[]}" : "{\"volumes\":[" + one + "],\"next_page_token\":\"2\"}");
        });
        server.on("GET " + base + "/main.default.data", 200, one);
        server.on("POST " + base, 200, one);
        server.on("PATCH " + base + "/main.default.data", 200, one);
        server.on("DELETE " + base + "/main.default.data", 200, "{}");

        assertThat(cli.run("volumes", "list").out()).isEqualTo("""
                VOLUME             OWNER  MADE  COMMENT
                main.default.data  ann          raw
                """);
        for (String name :
                List.of("data", "main.default.data", "/Volumes/main/default/data", "/Volumes/main/default/data/")) {
            assertThat(cli.run("volumes", "get", name).out()).as(name).contains("main.default.data  ann");
        }
        for (String name : List.of("", "a.b", "main..data", "/Volumes/data", "/Volumes/main/default/data/file")) {
            assertThat(cli.run("volumes", "get", name).code()).as(name).isEqualTo(2);
        }
        assertThat(cli.run("volumes", "create", "data", "--comment", "raw").err())
                .contains("Made the volume main.default.data.");
        assertThat(sent("POST " + base))
                .isEqualTo(JSON.readTree("{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"name\":\"data\","
                        + "\"volume_type\":\"MANAGED\",\"comment\":\"raw\"}"));
        assertThat(cli.run("volumes", "update", "data").code()).isEqualTo(2);
        cli.run("volumes", "update", "data", "--name", "raw", "--owner", "bob");
        assertThat(sent("PATCH")).isEqualTo(JSON.readTree("{\"new_name\":\"raw\",\"owner\":\"bob\"}"));
        assertThat(cli.run("volumes", "delete", "data").code()).isNotZero();
        assertThat(server.asked("DELETE")).isEmpty();
        assertThat(cli.run("volumes", "delete", "data", "--yes").code()).isZero();
        assertThat(server.asked("DELETE")).hasSize(1);
    }
}
