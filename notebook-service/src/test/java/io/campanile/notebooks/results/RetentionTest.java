package io.campanile.notebooks.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.notebooks.nodes.ResultUploads.Upload;
import io.campanile.notebooks.runs.RunHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is let go with time, and above all what is not. */
final class RetentionTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Instant LIMIT = Instant.parse("2026-03-01T00:00:00Z");
    private static final String OLD = "2026-01-01T00:00:00Z";
    private static final String RECENT = "2026-03-02T00:00:00Z";

    @TempDir
    Path blobs;

    private Database database;
    private ResultService results;
    private ResultSweep sweep;
    private RunHistory runs;

    @BeforeEach
    void start() {
        database = Database.open(TestDatabase.create(), "notebook_service", "notebook-service");
        var store = new ResultStore(database);
        results = new ResultService(store, blobs, (caller, notebook) -> caller, Clock.systemUTC());
        sweep = new ResultSweep(store, blobs);
        runs = new RunHistory(database);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void onlyOldRunsThatALaterOneReplacedAreForgottenAndTheirResultsWithThem() throws Exception {
        run(1, 1, "c1", "ok", OLD);
        run(1, 2, "c1", "error", RECENT);
        run(1, 3, "c1", "ok", RECENT);
        run(1, 4, "c2", "ok", OLD);
        run(2, 5, "c1", "ok", OLD);
        String replaced = result(1);
        String latest = result(4);

        assertThat(runs.forget(LIMIT)).isEqualTo(1);
        assertThat(sweep.sweep(LIMIT)).isEqualTo(1);

        assertThat(runIds()).containsExactly(2L, 3L, 4L, 5L);
        assertThatThrownBy(() -> results.describe(ALICE, replaced)).hasMessage("There is no such result");
        assertThat(ResultFiles.of(blobs, 1, replaced)).doesNotExist();
        assertThat(results.describe(ALICE, latest).rows()).isEqualTo(10);
        assertThat(ResultFiles.of(blobs, 1, latest)).exists();
    }

    @Test
    void aRunThatHasNotEndedIsKeptWhateverItsAge() {
        run(1, 1, "c1", "running", OLD);
        run(1, 2, "c1", "queued", OLD);
        run(1, 3, "c1", "starting", OLD);

        assertThat(runs.forget(LIMIT)).isZero();

        assertThat(runIds()).hasSize(3);
    }

    @Test
    void theResultsOfADeletedNotebookGo() throws Exception {
        String orphan = result(77);

        assertThat(sweep.sweep(LIMIT)).isEqualTo(1);

        assertThat(ResultFiles.of(blobs, 1, orphan)).doesNotExist();
        assertThat(sweep.sweep(LIMIT)).isZero();
    }

    @Test
    void draftsOfBrokenUploadsGoWhenTheyAreOld() throws Exception {
        Path old = Files.createFile(results.draft(1, UUID.randomUUID().toString()));
        Path young = Files.createFile(results.draft(1, UUID.randomUUID().toString()));
        Files.setLastModifiedTime(old, FileTime.from(LIMIT.minus(Duration.ofHours(1))));

        sweep.sweep(LIMIT);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    private String result(long run) throws Exception {
        String id = UUID.randomUUID().toString();
        Path draft = results.draft(1, id);
        ArrowSamples.numbers(draft, 10);
        results.keep(new Upload(1, run, 42, id, false), draft);
        return id;
    }

    private void run(long workspace, long id, String cell, String state, String queued) {
        database.acrossWorkspaces("a test")
                .execute(
                        "insert into cell_run (workspace_id, run_id, notebook_id, notebook_path, cell_id, batch,"
                                + " revision, cell_version, code, language, state, user_id, user_name, queued_at)"
                                + " values (?, ?, 42, '/n', ?, 'b', 1, 1, '', 'JAVA', ?, 7, 'alice', ?::timestamptz)",
                        workspace,
                        id,
                        cell,
                        state,
                        queued);
    }

    private List<Long> runIds() {
        return database.acrossWorkspaces("a test")
                .fetch("select run_id from cell_run order by run_id")
                .map(row -> row.get(0, Long.class));
    }
}
