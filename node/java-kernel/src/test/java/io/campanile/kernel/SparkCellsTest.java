package io.campanile.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.kernel.harness.CellResult;
import io.campanile.kernel.harness.KernelProcess;
import io.campanile.kernel.harness.SparkServer;
import io.campanile.kernel.output.ResultWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkproject.org.apache.arrow.memory.RootAllocator;
import org.sparkproject.org.apache.arrow.vector.ipc.ArrowFileReader;

/** Java and SQL cells on one cluster. */
@Tag("slow")
class SparkCellsTest {
    @TempDir
    static Path directory;

    static SparkServer spark;
    static KernelProcess kernel;

    @BeforeAll
    static void start() throws IOException {
        spark = SparkServer.start(directory, "local[2]");
        kernel = KernelProcess.start(directory);
        kernel.attach(spark.url(), spark.token(), UUID.randomUUID().toString());
    }

    @AfterAll
    static void stop() throws IOException {
        kernel.close();
        spark.close();
    }

    @Test
    void datasetsBecomeArrowFiles() throws IOException {
        CellResult cell = kernel.run(
                "spark.sql(\"select id, cast(id as decimal(15,2)) d, date'2026-01-02' day, array(id) a, 'x' s from range(2500)\")");

        JsonNode data = cell.first("execute_result").path("data");
        JsonNode result = data.path(ResultWriter.MIME);
        assertThat(result.path("rows").asLong()).isEqualTo(2500);
        assertThat(result.path("truncated").asBoolean()).isFalse();
        assertThat(result.path("columns").findValuesAsText("type"))
                .containsExactly("bigint", "decimal(15,2)", "date", "array<bigint>", "string");
        assertThat(data.path("text/plain").asText()).contains("2026-01-02").contains("first 20 of 2500 rows");
        assertThat(rowsOf(Path.of(result.path("path").asText()))).isEqualTo(2500);
        assertThat(result.path("bytes").asLong())
                .isEqualTo(Path.of(result.path("path").asText()).toFile().length());
    }

    @Test
    void aLargeResultIsCut() throws IOException {
        CellResult cell = kernel.run("display(spark.range(1_200_000))");

        JsonNode result = cell.first("display_data").path("data").path(ResultWriter.MIME);
        assertThat(result.path("rows").asLong()).isEqualTo(1_000_000);
        assertThat(result.path("truncated").asBoolean()).isTrue();
        assertThat(rowsOf(Path.of(result.path("path").asText()))).isEqualTo(1_000_000);
    }

    @Test
    void sqlAndJavaShareTheSession() throws IOException {
        kernel.run("spark.range(4).createOrReplaceTempView(\"four\");");

        CellResult sql = kernel.sql(
                "-- a; comment\ncreate or replace temp view two as select * from four where id < 2;\nselect ';' as semi, count(*) n from two;");

        assertThat(sql.first("execute_result").path("data").path("text/plain").asText())
                .isEqualTo("semi  n\n----  -\n;     2");
        assertThat(kernel.run("spark.table(\"two\").count()").text()).isEqualTo("2");
        assertThat(kernel.sql("create or replace temp view three as select 3 as v")
                        .text())
                .isEqualTo("OK");
        assertThat(kernel.run("%sql\nselect v from three").text()).isEqualTo("v\n-\n3");
    }

    @Test
    void sqlErrorsAreShortAndPointIntoTheCell() throws IOException {
        CellResult missing = kernel.sql("select 1;\n\nselect *\n  from nowhere");
        CellResult syntax = kernel.sql("selec 1");

        assertThat(missing.errorMessage())
                .startsWith("[TABLE_OR_VIEW_NOT_FOUND]")
                .doesNotContain("Project")
                .doesNotContain("grpc");
        assertThat(missing.error().path("kind").asText()).isEqualTo("spark");
        assertThat(missing.error().path("cell_line").asInt()).isEqualTo(4);
        assertThat(missing.error().path("cell_column").asInt()).isEqualTo(8);
        assertThat(syntax.errorMessage()).startsWith("[PARSE_SYNTAX_ERROR]").doesNotContain("== SQL");
        assertThat(syntax.error().path("cell_column").asInt()).isEqualTo(1);
    }

    @Test
    void javaErrorsOfSparkKeepTheCellsLine() throws IOException {
        CellResult analysis = kernel.run("int a = 1;\nspark.table(\"nowhere\").count();");
        CellResult task = kernel.run(
                "spark.range(1).map((MapFunction<Long, Long>) x -> { throw new IllegalStateException(\"boom\"); }, Encoders.LONG()).collectAsList()");

        assertThat(analysis.errorMessage()).startsWith("[TABLE_OR_VIEW_NOT_FOUND]");
        assertThat(analysis.error().path("cell_line").asInt()).isEqualTo(2);
        assertThat(task.errorMessage()).contains("boom").doesNotContain("\n\tat");
    }

    @Test
    void sparkWorkIsInterrupted() throws IOException {
        kernel.run("spark.range(1).count()");
        String id = kernel.start(
                "{ System.out.println(\"go\"); spark.range(1_000_000_000_000L).filter(\"id % 7 = -1\").count(); }",
                "JAVA");
        // A job that is interrupted while it is being planned may start nevertheless: that is the server's affair.
        kernel.awaitShown(
                id, "campanile_progress", progress -> progress.path("running").asInt() > 0);
        Instant start = Instant.now();
        kernel.askControl("interrupt_request");
        CellResult cell = kernel.await(id, Duration.ofSeconds(20));

        assertThat(cell.errorMessage()).isEqualTo("The cell was interrupted");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(kernel.run("spark.range(5).count()").text()).isEqualTo("5");
    }

    @Test
    void dbutilsWorksOnTheWorkspaceFiles() throws IOException {
        CellResult files = kernel.run("""
                dbutils.fs().mkdirs("/tmp/a");
                dbutils.fs().put("dbfs:/tmp/a/x.txt", "hello");
                dbutils.fs().cp("/tmp/a", "/tmp/b", true);
                dbutils.fs().head("/tmp/b/x.txt") + dbutils.fs().ls("/tmp/b").get(0).path()
                """);

        assertThat(files.text()).isEqualTo("hellodbfs:/tmp/b/x.txt");
        assertThat(kernel.run("dbutils.fs().ls(\"/../..\")").errorMessage()).contains("leads outside");
        assertThat(kernel.run("dbutils.widgets().get(\"x\")").errorMessage()).contains("not built yet");
        CellResult exit = kernel.run("dbutils.notebook().exit(\"done\");\nSystem.out.println(\"never\");");
        assertThat(exit.reply().path("campanile").path("exit_value").asText()).isEqualTo("done");
        assertThat(exit.types()).containsExactly("execute_result");
        assertThat(exit.text()).isEqualTo("Notebook exited: done");
    }

    @Test
    void aWrongTokenIsNamed(@TempDir Path other) throws IOException {
        try (KernelProcess stranger = KernelProcess.start(other)) {
            stranger.attach(spark.url(), "wrong", UUID.randomUUID().toString());

            assertThat(stranger.run("1 + 1").text()).isEqualTo("2");
            assertThat(stranger.run("spark.range(1).count()").errorMessage())
                    .isEqualTo("The cluster refused this notebook's credentials");
        }
    }

    @Test
    void aDriverThatIsGoneIsNamedSoon(@TempDir Path other) throws IOException {
        try (KernelProcess alone = KernelProcess.start(other)) {
            alone.attach("sc://127.0.0.1:9", "any", UUID.randomUUID().toString());

            assertThat(alone.run("1 + 1").text()).isEqualTo("2");
            assertThat(alone.sql("select 1").errorMessage())
                    .isEqualTo("The cluster's driver does not answer; it may be restarting");
        }
    }

    private static long rowsOf(Path file) throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            long rows = 0;
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            return rows;
        }
    }
}
