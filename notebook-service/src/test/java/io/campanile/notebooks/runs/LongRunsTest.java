package io.campanile.notebooks.runs;

import static io.campanile.notebooks.runs.ExecutionFixture.NOTEBOOK;
import static io.campanile.notebooks.runs.ExecutionFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with more records than are read at once. */
final class LongRunsTest {
    @TempDir
    private Path dataDir;

    private ExecutionFixture service;
    private FakeAgent agent;

    @BeforeEach
    void start() throws Exception {
        service = new ExecutionFixture(dataDir);
        service.document(WORKSPACE, NOTEBOOK, "one");
        agent = service.runningCluster();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void manySmallRecordsAreAllExportedAndShown() {
        long run = finished();
        records(run, 100, 12_000, "stream", "'{\"name\":\"stdout\",\"text\":\"' || n % 10 || '\"}'");

        ArrayNode exported = exported();

        assertThat(exported).hasSize(1);
        assertThat(exported.get(0).path("text").asText()).hasSize(12_000).startsWith("0123456789012");
        assertThat(service.printed(run)).isEqualTo(exported.get(0).path("text").asText());
    }

    /** Readers of JSON refuse a text of more than 20 million characters: so would the import of what was exported. */
    @Test
    void whatWasPrintedIsExportedInTextsThatCanBeRead() {
        long run = finished();
        records(run, 100, 400, "stream", "'{\"name\":\"stdout\",\"text\":\"' || repeat('x', 65536) || '\"}'");

        List<String> texts = exported().findValuesAsText("text");

        assertThat(texts).allSatisfy(text -> assertThat(text.length()).isLessThan(20_000_000));
        assertThat(texts.stream().mapToInt(String::length).sum()).isEqualTo(400 * 65_536);
    }

    @Test
    void whatWasClearedOnAnEarlierPageIsGone() {
        long run = finished();
        records(run, 100, 40, "stream", "'{\"name\":\"stdout\",\"text\":\"' || repeat('x', 65536) || '\"}'");
        records(run, 200, 1, "clear", "'{\"wait\":true}'");
        records(run, 300, 1, "stream", "'{\"name\":\"stderr\",\"text\":\"end\"}'");

        ArrayNode exported = exported();

        assertThat(exported).hasSize(1);
        assertThat(exported.get(0).path("name").asText()).isEqualTo("stderr");
        assertThat(exported.get(0).path("text").asText()).isEqualTo("end");
    }

    private ArrayNode exported() {
        return Objects.requireNonNull(service.execution()
                        .outputs()
                        .outputsOf(WORKSPACE, NOTEBOOK)
                        .of("c1"))
                .outputs();
    }

    private long finished() {
        long run = service.run("r", "c1").get(0);
        await().until(() -> agent.executes().size() == 1);
        agent.started(run);
        agent.finish(run, "ok");
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        return run;
    }

    /** Stored past the node, which would take its time. */
    private void records(long run, int first, int count, String kind, String data) {
        service.database
                .acrossWorkspaces("a test")
                .execute(
                        "insert into cell_output (workspace_id, run_id, seq, kind, at, data, bytes, lines)"
                                + " select ?, ?, ? + n, ?, now(), d, length(d), 0"
                                + " from (select n, " + data + " as d from generate_series(0, ?) as n) as made",
                        WORKSPACE,
                        run,
                        first,
                        kind,
                        count - 1);
        service.database
                .acrossWorkspaces("a test")
                .execute(
                        "update cell_run set last_seq = ?, output_bytes = output_bytes + ? where run_id = ?",
                        first + count,
                        count,
                        run);
    }
}
