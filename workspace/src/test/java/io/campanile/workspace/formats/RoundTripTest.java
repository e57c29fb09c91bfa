package io.campanile.workspace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in comes out: byte for byte where the format has one way to say a thing. */
final class RoundTripTest {
    private static final long LIMIT = 1 << 24;

    @ParameterizedTest
    @EnumSource(names = "MARKDOWN", mode = EnumSource.Mode.EXCLUDE)
    void aSourceFileOfEachLanguageComesOutAsItWent(Language language) {
        String c = language.comment();
        String foreign = language == Language.SQL ? "python" : "sql";
        String text = c + " Databricks notebook source\n"
                + c + " DBTITLE 1,A title, with a comma\n"
                + "first\n\nafter a blank line\n\n"
                + c + " COMMAND ----------\n\n"
                + c + " MAGIC %" + foreign + "\n" + c + " MAGIC select 1\n" + c + " MAGIC\n" + c + " MAGIC -- more\n\n"
                + c + " COMMAND ----------\n\n"
                + c + " MAGIC %md # Heading on the same line\n\n"
                + c + " COMMAND ----------\n\n"
                + c + " MAGIC %sh ls -l\n\n"
                + c + " COMMAND ----------\n\n"
                + "\n\n"
                + c + " COMMAND ----------\n\n"
                + "last\n";

        assertThat(sourceAgain(text, language)).isEqualTo(text);
        assertThat(sourceAgain(text.replace("\n", "\r\n"), language)).isEqualTo(text.replace("\n", "\r\n"));
        assertThat(sourceAgain("\uFEFF" + text, language)).isEqualTo("\uFEFF" + text);
        String open = text.substring(0, text.length() - 1);
        assertThat(sourceAgain(open, language)).isEqualTo(open);
        assertThat(sourceAgain(open.replace("\n", "\r\n"), language)).isEqualTo(open.replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyNotebookIsReadAsItWasWritten(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Notebook notebook = notebook(random);

            String once = SourceFormat.write(notebook);
            String twice = SourceFormat.write(SourceFormat.read(once, notebook.language()));
            assertThat(twice).isEqualTo(once);

            byte[] dbc = DbcFormat.write(notebook, "n", LIMIT);
            assertThat(DbcFormat.write(DbcFormat.read(dbc, Language.R), "n", LIMIT))
                    .isEqualTo(dbc);

            byte[] jupyter = JupyterFormat.write(notebook, "n", LIMIT);
            assertThat(JupyterFormat.write(JupyterFormat.read(jupyter, null), "n", LIMIT))
                    .isEqualTo(jupyter);
        }
    }

    @Test
    void aJupyterFileKeepsMetadataOutputsIdsAttachmentsAndRawCells() throws Exception {
        String file = """
                {"nbformat":4,"nbformat_minor":5,
                 "metadata":{"kernelspec":{"display_name":"My Python","language":"python","name":"venv"},
                             "language_info":{"name":"python","version":"3.11"},"custom":{"a":[1,2]}},
                 "cells":[
                  {"cell_type":"markdown","id":"m-1","metadata":{"tags":["intro"]},
                   "attachments":{"p.png":{"image/png":"aGVsbG8="},"unused.png":{"image/png":"d29ybGQ="}},
                   "source":["see ![p](attachment:p.png)\\n","done"]},
                  {"cell_type":"code","id":"c_2","metadata":{"collapsed":true,"scrolled":"auto"},"execution_count":4,
                   "source":["%sql\\n","select 1"],
                   "outputs":[{"output_type":"stream","name":"stdout","text":"hello\\n"},
                              {"output_type":"display_data","metadata":{"w":1},"data":{"text/plain":"x"}}]},
                  {"cell_type":"raw","id":"r3","metadata":{"format":"text/restructuredtext"},"source":["raw"]}]}
                """;
        JsonNode before = Json.MAPPER.readTree(file);

        ReadFile read = JupyterFormat.readFile(file.getBytes(StandardCharsets.UTF_8), null);
        Trimmings kept = Json.read(Json.write(read.trimmings()), Trimmings.class);
        byte[] written = JupyterFormat.write(read.notebook(), kept, "n", LIMIT);
        JsonNode after = Json.MAPPER.readTree(written);

        assertThat(after.path("cells")).isEqualTo(before.path("cells"));
        before.path("metadata")
                .properties()
                .forEach(entry ->
                        assertThat(after.path("metadata").path(entry.getKey())).isEqualTo(entry.getValue()));
        ReadFile again = JupyterFormat.readFile(written, null);
        assertThat(JupyterFormat.write(again.notebook(), again.trimmings(), "n", LIMIT))
                .isEqualTo(written);
    }

    @Test
    void whatNoLongerFitsIsLeftOut() throws Exception {
        String file = """
                {"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"language":"python","name":"venv"}},
                 "cells":[{"cell_type":"markdown","id":"gone","metadata":{"tags":["x"]},"source":"text"}]}
                """;
        Trimmings kept = JupyterFormat.readFile(file.getBytes(StandardCharsets.UTF_8), null)
                .trimmings();
        Notebook other = new Notebook(Language.SQL, List.of(Cell.of("new", Language.SQL, "select 1", null)));

        JsonNode after = Json.MAPPER.readTree(JupyterFormat.write(other, kept, "n", LIMIT));

        assertThat(after.path("cells").path(0).path("metadata").isEmpty()).isTrue();
        assertThat(after.path("metadata").path("kernelspec").path("name").asText())
                .isEqualTo("sql");
    }

    private static String sourceAgain(String text, Language language) {
        ReadFile read = SourceFormat.readFile(text, language);
        return SourceFormat.write(read.notebook(), Json.read(Json.write(read.trimmings()), Trimmings.class));
    }

    private static Notebook notebook(Random random) {
        Language[] languages = {Language.PYTHON, Language.SQL, Language.SCALA, Language.R, Language.JAVA};
        List<Cell> cells = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Language language = random.nextInt(4) == 0 ? Language.MARKDOWN : languages[random.nextInt(5)];
            String title = random.nextInt(3) == 0 ? "Title " + i : null;
            cells.add(Cell.of("cell-" + i, language, source(random), title));
        }
        return new Notebook(languages[random.nextInt(5)], cells);
    }

    private static String source(Random random) {
        String[] pieces = {
            "x",
            " ",
            "\n",
            "\n\n",
            "# comment",
            "-- c",
            "// c",
            "%sh",
            "%run ./a",
            "COMMAND ----------",
            "\t",
            "é",
            "\uD83D\uDE00",
            "\"",
            "\\",
            "MAGIC",
            "# MAGIC",
            "DBTITLE 1,x"
        };
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
