package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code campanile libraries} against a server that is played. */
final class LibrariesTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/api/2.0/libraries/";
    private static final String ID = "1127-080000-abcdefgh";
    private static final String STATUSES = "{\"cluster_id\":\"" + ID + "\",\"library_statuses\":["
            + "{\"library\":{\"maven\":{\"coordinates\":\"org.jsoup:jsoup:1.15.3\"}},\"status\":\"INSTALLED\"},"
            + "{\"library\":{\"jar\":\"dbfs:/a.jar\"},\"status\":\"FAILED\",\"messages\":[\"There is no file /a.jar\"]}]}";

    @Test
    void librariesAreListedOfOneClusterAndOfAll() {
        server.on("GET " + BASE + "all-cluster-statuses", 200, "{\"statuses\":[" + STATUSES + "]}");
        server.on("GET " + BASE + "cluster-status", 200, STATUSES);

        assertThat(cli.run("libraries", "list").out()).isEqualTo("""
                CLUSTER               LIBRARY                 STATUS     MESSAGE
                1127-080000-abcdefgh  org.jsoup:jsoup:1.15.3  INSTALLED
                1127-080000-abcdefgh  dbfs:/a.jar             FAILED     There is no file /a.jar
                """);
        assertThat(cli.run("libraries", "status", ID).out()).isEqualTo("""
                LIBRARY                 STATUS     MESSAGE
                org.jsoup:jsoup:1.15.3  INSTALLED
                dbfs:/a.jar             FAILED     There is no file /a.jar
                """);
        assertThat(cli.run("libraries", "status", ID, "-o", "json").out()).contains("\"status\" : \"FAILED\"");
    }

    @Test
    void librariesAreInstalledAndTakenOff() throws IOException {
        server.on("POST " + BASE + "install", 200, "{}");
        server.on("POST " + BASE + "uninstall", 200, "{}");

        assertThat(cli.run(
                                "libraries",
                                "install",
                                ID,
                                "--maven",
                                "a:b:1",
                                "--exclude",
                                "c:*",
                                "--repo",
                                "https://example.com/m2")
                        .code())
                .isZero();
        assertThat(sent("install")).isEqualTo(JSON.readTree("""
                {"cluster_id":"1127-080000-abcdefgh","libraries":[{"maven":
                {"coordinates":"a:b:1","repo":"https://example.com/m2","exclusions":["c:*"]}}]}"""));
        assertThat(cli.run("libraries", "uninstall", ID, "--jar", "dbfs:/a.jar").err())
                .contains("keeps it until it restarts");
        assertThat(sent("uninstall")).isEqualTo(JSON.readTree("""
                {"cluster_id":"1127-080000-abcdefgh","libraries":[{"jar":"dbfs:/a.jar"}]}"""));
        assertThat(cli.run("libraries", "install", ID).code()).isEqualTo(2);
        assertThat(cli.run("libraries", "install", ID, "--jar", "dbfs:/a.jar", "--repo", "x")
                        .code())
                .isEqualTo(2);
    }

    private JsonNode sent(String call) throws IOException {
        return JSON.readTree(server.asked("POST " + BASE + call).get(0).text());
    }
}
