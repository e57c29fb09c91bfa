package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.http.ApiException;
import io.campanile.workspace.archives.Archive;
import io.campanile.workspace.formats.DbcFormat;
import io.campanile.workspace.formats.JupyterFormat;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.SourceFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever comes in is taken or refused in words, never a crash. Each target is run on mutations of good inputs from
 * {@code -Dfuzz.seed}: for {@code -Dfuzz.seconds}, or, where nothing says, as many as a machine of any speed runs alike.
 * How many is printed.
 */
final class HostileInputFuzzTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 0);
    private static final int RUNS = 1_500;
    private static final long SEED = Long.getLong("fuzz.seed", 42);
    private static final int LONGEST = 64 * 1024;
    private static final String DEEP = "[".repeat(10_000);

    private interface Target {
        void take(byte[] input) throws Exception;
    }

    @Test
    void paths() {
        fuzz("paths", List.of("/Users/a@b.c/x y", "/Workspace/Shared/./..//é\u202e", "/" + "a/".repeat(70)), input -> {
            WorkspacePath path = WorkspacePath.parse(text(input));
            assertThat(WorkspacePath.parse(path.toString())).isEqualTo(path);
            assertThat(path.segments()).noneMatch(name -> name.isBlank() || name.equals(".."));
        });
    }

    @Test
    void source() {
        String seed =
                "# Databricks notebook source\n# DBTITLE 1,T\nx\n\n# COMMAND ----------\n\n# MAGIC %sql\n# MAGIC y\n";
        fuzz(
                "SOURCE",
                List.of(seed, seed.replace("\n", "\r\n"), "\uFEFF" + seed, "// Databricks notebook source"),
                input -> {
                    String text = text(input);
                    for (Language language : List.of(Language.PYTHON, Language.SQL, Language.JAVA)) {
                        Notebook read = SourceFormat.read(text, language);
                        String written = SourceFormat.write(read);
                        assertThat(SourceFormat.write(SourceFormat.read(written, language)))
                                .isEqualTo(written);
                    }
                });
    }

    @Test
    void jupyter() {
        String seed = """
                {"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"language":"python"}},"cells":[
                {"cell_type":"code","id":"a","metadata":{"t":1},"execution_count":1,"source":["%sql\\n","x"],
                "outputs":[{"output_type":"display_data","data":{"image/png":["aa"]},"metadata":{}}]},
                {"cell_type":"markdown","metadata":{},"source":"![](attachment:p)","attachments":{"p":{"image/png":"a"}}}]}
                """;
        String old = "{\"nbformat\":3,\"worksheets\":[{\"cells\":[{\"cell_type\":\"code\",\"input\":\"x\",\"outputs\":["
                + "{\"output_type\":\"pyerr\"},{\"output_type\":\"pyout\",\"text\":\"x\"}]}]}]}";
        fuzz("ipynb", List.of(seed, old, "{\"cells\":" + DEEP), input -> {
            var read = JupyterFormat.readFile(input, null);
            JupyterFormat.write(read.notebook(), read.trimmings(), "n", 1 << 24);
        });
    }

    @Test
    void dbc() {
        String seed =
                "{\"version\":\"NotebookV1\",\"language\":\"scala\",\"commands\":[{\"position\":2.5,\"command\":\"%md x\","
                        + "\"commandTitle\":\"t\",\"showCommandTitle\":true,\"campanile\":{\"id\":\"a\",\"outputs\":[]}}]}";
        fuzz("DBC", List.of(seed, "{\"version\":\"NotebookV1\",\"commands\":" + DEEP), input -> {
            Notebook read = DbcFormat.read(input, Language.PYTHON);
            byte[] written = DbcFormat.write(read, "n", 1 << 24);
            assertThat(DbcFormat.write(DbcFormat.read(written, Language.PYTHON), "n", 1 << 24))
                    .isEqualTo(written);
        });
    }

    @Test
    void archives(@TempDir Path folder) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("a.python", "b/c.py", "d/", "e.file")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("{\"version\":\"NotebookV1\",\"commands\":[]}".getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        Path file = folder.resolve("a.zip");
        fuzzBytes("zip", List.of(bytes.toByteArray()), input -> {
            Files.write(file, input);
            try (Archive archive = Archive.open(file)) {
                for (var item : ArchivePlan.of(archive, true, WorkspacePath.parse("/Shared/x"))) {
                    if (item.entry() != null) {
                        archive.bytes(item.entry(), 1 << 20);
                    }
                }
            }
        });
    }

    private static void fuzz(String what, List<String> seeds, Target target) {
        fuzzBytes(
                what,
                seeds.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                target);
    }

    private static void fuzzBytes(String what, List<byte[]> seeds, Target target) {
        Random random = new Random(SEED);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        long runs = 0;
        long taken = 0;
        while (SECONDS == 0 ? runs < RUNS : runs < seeds.size() || System.nanoTime() < end) {
            byte[] seed = seeds.get((int) (runs % seeds.size()));
            byte[] input = runs < seeds.size() ? seed : mutated(seed, random);
            runs++;
            try {
                target.take(input);
                taken++;
            } catch (ApiException refused) {
                assertThat(refused.code().httpStatus()).isBetween(400, 499);
                assertThat(refused.getMessage()).isNotBlank();
            } catch (Throwable crash) {
                throw new AssertionError(
                        what + " broke in run " + runs + " of seed " + SEED + " on: "
                                + new String(input, StandardCharsets.ISO_8859_1),
                        crash);
            }
        }
        System.out.println("fuzzed " + what + ": " + runs + " inputs, " + taken + " taken, none crashed");
    }

    /** A few bytes changed, taken out, doubled or put in. */
    private static byte[] mutated(byte[] seed, Random random) {
        byte[] now = seed.clone();
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes && now.length > 0; i++) {
            int at = random.nextInt(now.length);
            int length = Math.min(now.length - at, 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> now[at] = (byte) random.nextInt(256);
                case 1 -> now[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> now = spliced(now, at, at + length, new byte[0]);
                case 3 -> now = spliced(now, at, at, java.util.Arrays.copyOfRange(now, at, at + length));
                default -> now = spliced(now, at, at, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return now.length > LONGEST ? java.util.Arrays.copyOf(now, LONGEST) : now;
    }

    private static final List<byte[]> WORDS = List.of(
            bytes("null"),
            bytes("{}"),
            bytes("[]"),
            bytes("\""),
            bytes("\\u0000"),
            bytes("1e999"),
            bytes("-1"),
            bytes("../"),
            bytes("//"),
            bytes("\\"),
            bytes("\n"),
            bytes("\r"),
            bytes("%md"),
            bytes("# MAGIC "),
            bytes("# COMMAND ----------\n"),
            bytes("\uD83D\uDE00"),
            bytes("e\u0301"),
            new byte[] {0},
            new byte[] {(byte) 0xff},
            bytes("// DBTITLE 1,"),
            bytes("-- MAGIC %python"));

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] put) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(put);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
