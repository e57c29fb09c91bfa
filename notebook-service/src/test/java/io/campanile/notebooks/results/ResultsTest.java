package io.campanile.notebooks.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestDatabase;
import io.campanile.notebooks.nodes.ResultUploads.Upload;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Results on real Arrow files and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResultsTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    private static final int MANY = 1_000_000;

    @TempDir
    static Path blobs;

    private Database database;
    private ResultService results;

    @BeforeAll
    void start() {
        database = Database.open(TestDatabase.create(), "notebook_service", "notebook-service");
        NotebookReaders readers = (caller, notebook) -> {
            if (caller.userId() != ALICE.userId()) {
                throw ApiException.notFound("Object " + notebook + " doesn't exist.");
            }
            return caller;
        };
        results = new ResultService(new ResultStore(database), blobs, readers, Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void everyTypeIsShownAsTheContractSays() throws Exception {
        String id = stored(ArrowSamples::types);

        JsonNode rows = rows(id, 0, 10, null, null).path("rows");

        assertThat(rows.get(0)).isEqualTo(Json.read("""
                                [true,1,2,3,"9007199254740993",1.5,"NaN","12345678901234567890.50","é","aGk=",
                                 "2020-02-29","2020-02-29T13:00:00.000001+01:00","2020-02-29T12:00:00.000001",
                                 "1-2",[1,null],{"a":1,"b":"x"},{"k":5}]
                                """, JsonNode.class));
        for (JsonNode cell : rows.get(1)) {
            assertThat(cell.isNull()).isTrue();
        }
        assertThat(results.describe(ALICE, id).columns())
                .extracting(ResultColumn::type)
                .containsExactly(
                        "boolean",
                        "tinyint",
                        "smallint",
                        "int",
                        "bigint",
                        "float",
                        "double",
                        "decimal(38,2)",
                        "string",
                        "binary",
                        "date",
                        "timestamp",
                        "timestamp_ntz",
                        "interval year to month",
                        "array<int>",
                        "struct<a:int,b:string>",
                        "map<string,int>");
        assertThat(Files.readString(results.csv(ALICE, id))).contains("9007199254740993", "\"[1,null]\"");
        assertThat(results.profile(ALICE, id)).hasSize(17).allMatch(column -> column.nulls() == 1);
    }

    @Test
    void aMillionRowsAreReadPageByPageToTheLast() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, MANY));

        long next = 0;
        for (long offset = 0; offset < MANY; offset += 5000) {
            JsonNode page = rows(id, offset, 5000, null, null);
            assertThat(page.path("total").asLong()).isEqualTo(MANY);
            for (JsonNode row : page.path("rows")) {
                assertThat(row.path(0).asLong()).isEqualTo(next++);
            }
        }

        assertThat(next).isEqualTo(MANY);
        assertThat(rows(id, MANY, 10, null, null).path("rows")).isEmpty();
    }

    @Test
    void aMillionRowsAreSortedAndFilteredOverAllOfThem() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, MANY));

        JsonNode last = rows(id, 0, 3, "n:desc", null);
        JsonNode byText = rows(id, 0, 4, "text,n:desc", null);
        JsonNode filtered = rows(
                id,
                1,
                2,
                "n:desc",
                "[{\"column\":\"n\",\"op\":\"lt\",\"value\":\"1000\"},"
                        + "{\"column\":\"text\",\"op\":\"contains\",\"value\":\"T7\"}]");
        JsonNode nulls = rows(id, 0, 1, null, "[{\"column\":\"maybe\",\"op\":\"is_null\"}]");
        JsonNode nullsFirst = rows(id, 0, 1, "maybe", null);
        JsonNode nullsLast = rows(id, 0, 1, "maybe:desc", null);

        assertThat(column(last, 0)).containsExactly("999999", "999998", "999997");
        assertThat(column(byText, 0)).containsExactly("999990", "999980", "999970", "999960");
        assertThat(column(byText, 1)).containsOnly("t0");
        assertThat(column(filtered, 0)).containsExactly("987", "977");
        assertThat(filtered.path("matching").asLong()).isEqualTo(100);
        assertThat(nulls.path("matching").asLong()).isEqualTo(MANY / 4);
        assertThat(nullsFirst.path("rows").path(0).path(2).isNull()).isTrue();
        assertThat(nullsLast.path("rows").path(0).path(2).asDouble()).isEqualTo((MANY - 1) / 2.0);
    }

    @Test
    void aSortedPageComesAsAnArrowStreamToo() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, 30_000));

        byte[] page = results.rows(ALICE, id, new ResultService.PageRequest(10, 20, "n:desc", null, true));

        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(page), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            BigIntVector numbers = (BigIntVector) reader.getVectorSchemaRoot().getVector("n");
            assertThat(numbers.getValueCount()).isEqualTo(20);
            assertThat(numbers.get(0)).isEqualTo(29_989);
            assertThat(numbers.get(19)).isEqualTo(29_970);
        }
    }

    @Test
    void aProfileTellsWhatColumnsHold() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, 100_000));

        List<ColumnProfile> profile = results.profile(ALICE, id);

        ColumnProfile numbers = profile.get(0);
        assertThat(numbers.min()).isEqualTo("0");
        assertThat(numbers.max()).isEqualTo("99999");
        assertThat(numbers.mean()).isEqualTo(49_999.5);
        assertThat(numbers.distinctApprox()).isBetween(85_000L, 115_000L);
        assertThat(numbers.histogram()).hasSize(20).allMatch(bin -> bin.count() == 5000);
        ColumnProfile texts = profile.get(1);
        assertThat(texts.distinctApprox()).isEqualTo(10);
        assertThat(texts.top()).hasSize(10).allMatch(top -> top.count() == 10_000);
        assertThat(profile.get(2).nulls()).isEqualTo(25_000);
    }

    @Test
    void nobodyElseAndNoOtherWorkspaceKnowsAResult() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, 10));
        List<String> ids = List.of(
                id,
                UUID.randomUUID().toString(),
                "../../../etc/passwd",
                "..",
                id.toUpperCase(java.util.Locale.ROOT),
                "");

        for (String each : ids) {
            for (Caller caller : List.of(BOB, STRANGER)) {
                assertThatThrownBy(() -> results.describe(caller, each)).hasMessage("There is no such result");
                assertThatThrownBy(() -> results.arrow(caller, each)).hasMessage("There is no such result");
                assertThatThrownBy(() -> results.csv(caller, each)).hasMessage("There is no such result");
                assertThatThrownBy(() -> results.profile(caller, each)).hasMessage("There is no such result");
            }
            assertThatThrownBy(() -> results.draft(1, each + "/x")).hasMessage("There is no such result");
        }
    }

    @Test
    void anUploadIsTakenOnceAndOnlyWhenItCanBeRead() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, 10));

        Path again = results.draft(1, id);
        ArrowSamples.numbers(again, 99);
        results.keep(new Upload(1, 5, 42, id, false), again);
        String broken = UUID.randomUUID().toString();
        Path draft = results.draft(1, broken);
        Files.write(draft, "ARROW1 is not enough".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> results.keep(new Upload(1, 5, 42, broken, false), draft))
                .isInstanceOf(ApiException.class);
        assertThat(results.describe(ALICE, id).rows()).isEqualTo(10);
        assertThatThrownBy(() -> results.describe(ALICE, broken)).hasMessage("There is no such result");
        assertThat(List.of(Files.exists(again), Files.exists(draft))).containsOnly(false);
    }

    @Test
    void whatCannotBeAskedIsRefused() throws Exception {
        String id = stored(file -> ArrowSamples.numbers(file, 10));

        for (String filter : List.of(
                "nonsense",
                "{}",
                "[{\"column\":\"x\",\"op\":\"eq\",\"value\":\"1\"}]",
                "[{\"column\":\"n\",\"op\":\"like\",\"value\":\"1\"}]",
                "[{\"column\":\"n\",\"op\":\"gt\",\"value\":\"many\"}]")) {
            assertThatThrownBy(() -> rows(id, 0, 10, null, filter)).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> rows(id, 0, 10, "x", null)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> rows(id, -1, 10, null, null)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> rows(id, 0, 5001, null, null)).isInstanceOf(ApiException.class);
    }

    private interface Sample {
        void write(Path file) throws Exception;
    }

    private String stored(Sample sample) throws Exception {
        String id = UUID.randomUUID().toString();
        Path draft = results.draft(1, id);
        sample.write(draft);
        results.keep(new Upload(1, 5, 42, id, false), draft);
        try (Stream<Path> files = Files.list(blobs.resolve("1/results"))) {
            assertThat(files).anyMatch(file -> file.endsWith(id + ".arrow"));
        }
        return id;
    }

    private JsonNode rows(String id, long offset, int limit, @Nullable String sort, @Nullable String filter)
            throws Exception {
        return Json.MAPPER.readTree(
                results.rows(ALICE, id, new ResultService.PageRequest(offset, limit, sort, filter, false)));
    }

    private static List<String> column(JsonNode page, int column) {
        List<String> values = new ArrayList<>();
        page.path("rows").forEach(row -> values.add(row.path(column).asText()));
        return values;
    }
}
