package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What somebody new to the commands does wrong, and what they are told to do instead. */
final class RemediesTest extends PlayedTest {
    private static final String STATUS = "GET /api/2.0/workspace/get-status";
    private static final String ABSENT = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"Not there\"}";

    @Test
    void theFolderOfAllVolumesNeedsNoSlash() {
        server.on("GET /api/2.0/fs/directories/Volumes", 200, "{\"contents\":[]}");

        Cli.Ended ended = cli.run("fs", "ls", "/Volumes");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(cli.run("fs", "ls", "/Volumesque").code()).isEqualTo(2);
    }

    @Test
    void aFolderIsNotPrintedAsAnArchive() {
        server.on(STATUS, 200, "{\"object_type\":\"DIRECTORY\",\"path\":\"/d\"}");
        server.on("GET /api/2.0/workspace/export", 200, "PK");

        Cli.Ended ended = cli.run("workspace", "cat", "/d");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("/d is a folder; 'campanile workspace ls' lists it");
    }

    @Test
    void anExportNamesTheFileThatItMade() {
        server.on(STATUS, 200, "{\"object_type\":\"NOTEBOOK\",\"language\":\"SQL\",\"path\":\"/d/q\"}");
        server.on("GET /api/2.0/workspace/export", 200, "select 1");

        Cli.Ended ended = cli.run("workspace", "export", "/d/q", home.toString());

        assertThat(ended.err()).contains("Exported 1 file to " + home.resolve("q.sql") + ".");
    }

    @Test
    void anImportWithoutItsFolderSaysHowToMakeOne() throws IOException {
        Path file = Files.writeString(home.resolve("n.txt"), "x");
        server.on(STATUS, 404, ABSENT);
        server.on("POST /api/2.0/workspace/import", 404, ABSENT);

        Cli.Ended ended = cli.run("workspace", "import", file.toString(), "/gone/n.txt");

        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.err()).contains("'campanile workspace mkdir' makes folders.");
    }

    @Test
    void anUnknownTypeOfObjectSaysWhichThereAre() {
        server.on(
                "GET /api/2.0/permissions/notebook/1",
                404,
                "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found\"}");

        Cli.Ended ended = cli.run("permissions", "get", "notebook/1");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("are written notebooks/ID, directories/ID")
                .doesNotContain("older");
    }

    @Test
    void aNewUserIsNotLeftWithoutAWayIn() {
        server.on("POST /api/2.0/preview/scim/v2/Users", 201, "{\"id\":\"5\"}");

        Cli.Ended ended = cli.run("users", "create", "ann@example.com");

        assertThat(ended.code()).isZero();
        assertThat(ended.out() + ended.err()).contains("a first one from an administrator: page Admin, Users");
    }

    @Test
    void aScopeIsNotSaidToBeKeptElsewhere() {
        server.on(
                "GET /api/2.0/secrets/scopes/list",
                200,
                "{\"scopes\":[{\"name\":\"s\",\"backend_type\":\"DATABRICKS\"}]}");

        assertThat(cli.run("secrets", "scopes", "list").out()).isEqualTo("""
                SCOPE  KEPT BY
                s      this server
                """);
    }
}
