package io.campanile.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real driver process and real Connect clients. */
@Tag("slow")
final class DriverTest {
    private static final String SESSION = "6f1d2c3b-0000-4000-8000-000000000001";

    @TempDir
    static Path folder;

    @Test
    void aWrongTokenIsRefusedAndTheRightOneIsNot() throws Exception {
        try (TestDriver driver = TestDriver.start(folder("token"), samples())) {
            String wrong = driver.client("wrong", "ann", session(), "SELECT 1");
            String right = driver.client(TestDriver.TOKEN, "ann", session(), "SELECT 1");

            assertThat(wrong).contains("UNAUTHENTICATED").doesNotContain("rows [");
            assertThat(right).contains("rows [[1]]");
            System.out.println("driver start ms " + driver.startMillis() + ", rss kB "
                    + rss(driver.process().pid()));
        }
    }

    @Test
    void twoClientsOfOneSessionShareItsViewsAndOthersDoNot() throws Exception {
        try (TestDriver driver = TestDriver.start(folder("views"), samples())) {
            driver.client(TestDriver.TOKEN, "ann", SESSION, "CREATE TEMP VIEW mine AS SELECT 7 AS x");

            assertThat(driver.client(TestDriver.TOKEN, "ann", SESSION, "SELECT x FROM mine"))
                    .contains("rows [[7]]");
            assertThat(driver.client(TestDriver.TOKEN, "ann", session(), "SELECT x FROM mine"))
                    .contains("TABLE_OR_VIEW_NOT_FOUND");
            driver.tell("{\"close_session\":{\"user_id\":\"ann\",\"session_id\":\"" + SESSION + "\"}}");
            driver.tell("no JSON");
            assertThat(driver.client(TestDriver.TOKEN, "ann", session(), "SELECT 1"))
                    .contains("rows [[1]]");
            assertThat(driver.client(TestDriver.TOKEN, "ann", SESSION, "SELECT x FROM mine"))
                    .contains("SESSION_CLOSED");
            assertThat(driver.end()).isTrue();
        }
    }

    @Test
    void samplesAreThereAndSettingsHold() throws Exception {
        Path samples = samples();
        Path maker = folder("maker");
        try (TestDriver driver = TestDriver.start(maker, samples)) {
            driver.client(
                    TestDriver.TOKEN,
                    "ann",
                    session(),
                    "INSERT OVERWRITE DIRECTORY '" + samples.resolve("nation")
                            + "' USING parquet SELECT 1L AS n_key, 'PERU' AS n_name");
        }
        try (TestDriver driver = TestDriver.start(folder("samples"), samples)) {
            String printed = driver.client(
                    TestDriver.TOKEN,
                    "bob",
                    session(),
                    "SELECT n_key, n_name FROM samples.nation",
                    "SET spark.sql.shuffle.partitions",
                    "SET spark.authenticate",
                    "SET spark.network.crypto.enabled");

            assertThat(printed)
                    .contains("rows [[1,PERU]]")
                    .contains("partitions,3")
                    .contains("spark.authenticate,true")
                    .contains("spark.network.crypto.enabled,false");
        }
    }

    @Test
    void managedTablesSurviveARestart() throws Exception {
        Path node = folder("restart");
        Path samples = samples();
        try (TestDriver driver = TestDriver.start(node, samples)) {
            String printed = driver.client(
                    TestDriver.TOKEN,
                    "ann",
                    session(),
                    "CREATE TABLE kept AS SELECT id, id % 2 AS even FROM range(10)",
                    "CREATE DATABASE sales",
                    "CREATE TABLE sales.parts (id INT, p STRING) PARTITIONED BY (p)",
                    "INSERT INTO sales.parts VALUES (1, 'a'), (2, 'b')",
                    "CREATE TABLE sales.gone AS SELECT 1 AS x",
                    "DROP TABLE sales.gone");
            assertThat(printed).doesNotContain("Exception");
            driver.process().destroyForcibly().waitFor();
        }

        Path owners = Files.move(node.resolve("warehouse"), node.resolve("owners"));
        try (TestDriver driver = TestDriver.start(node, samples)) {
            Files.delete(node.resolve("warehouse"));
            Files.createSymbolicLink(node.resolve("warehouse"), owners);
            driver.tell("{\"restore_warehouse\":true}");
            String printed = driver.client(
                    TestDriver.TOKEN,
                    "ann",
                    session(),
                    "SELECT count(*), sum(even) FROM kept",
                    "SELECT id FROM sales.parts WHERE p = 'b'",
                    "SHOW TABLES IN sales",
                    "INSERT INTO sales.parts VALUES (3, 'c')",
                    "SELECT count(*) FROM sales.parts",
                    "DROP TABLE kept",
                    "CREATE TABLE kept AS SELECT 5 AS five",
                    "SELECT * FROM kept");

            assertThat(printed)
                    .contains("rows [[10,5]]")
                    .contains("rows [[2]]")
                    .contains("rows [[sales,parts,false]]")
                    .contains("rows [[3]]")
                    .contains("rows [[5]]");
        }
    }

    @Test
    void theLaunchFlagsAreThoseOfThisSpark() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/main/resources/launch.args")))
                .containsAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static Path samples() throws IOException {
        Path samples = folder("samples-" + UUID.randomUUID());
        Files.writeString(
                samples.resolve("tables.json"),
                "[{\"table\":\"nation\",\"path\":\"nation\",\"format\":\"parquet\",\"ddl\":\"n_key BIGINT, n_name STRING\"}]");
        return samples;
    }

    private static String session() {
        return UUID.randomUUID().toString();
    }

    private static long rss(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
