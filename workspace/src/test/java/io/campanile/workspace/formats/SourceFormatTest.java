package io.campanile.workspace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SourceFormatTest {
    private static final String FILE = """
            %1$s Databricks notebook source
            %1$s MAGIC %%md
            %1$s MAGIC # Title
            %1$s MAGIC
            %1$s MAGIC Text

            %1$s COMMAND ----------

            x = 1

            y = 2

            %1$s COMMAND ----------

            %1$s DBTITLE 1,A title, with a comma
            %1$s MAGIC %%md a short one

            %1$s COMMAND ----------

            %1$s MAGIC %%sh
            %1$s MAGIC ls -l

            %1$s COMMAND ----------

            %1$s MAGIC %%run ./other

            %1$s COMMAND ----------



            %1$s COMMAND ----------

            last
            """;

    @ParameterizedTest
    @EnumSource(
            value = Language.class,
            names = {"JAVA", "SCALA", "SQL", "PYTHON", "R"})
    void aFileIsWrittenAsItWasRead(Language language) {
        String file = FILE.formatted(language.comment());

        Notebook read = SourceFormat.read(file, language);

        assertThat(SourceFormat.write(read)).isEqualTo(file);
        assertThat(read.cells()).hasSize(7);
        assertThat(read.cells().get(0).type()).isEqualTo(CellType.MARKDOWN);
        assertThat(read.cells().get(0).source()).isEqualTo("# Title\n\nText");
        assertThat(read.cells().get(1).source()).isEqualTo("x = 1\n\ny = 2");
        assertThat(read.cells().get(2).title()).isEqualTo("A title, with a comma");
        assertThat(read.cells().get(2).source()).isEqualTo(" a short one");
        assertThat(read.cells().get(3).language()).isEqualTo(language);
        assertThat(read.cells().get(3).source()).isEqualTo("%sh\nls -l");
        assertThat(read.cells().get(5).source()).isEmpty();
    }

    @Test
    void foreignCellsBearTheirMagic() {
        for (Language cell : Language.values()) {
            Notebook notebook = new Notebook(
                    Language.JAVA,
                    List.of(Cell.of("1", cell, "first\n\n  indented", null), Cell.of("2", cell, "", null)));

            String file = SourceFormat.write(notebook);

            if (cell != Language.JAVA) {
                assertThat(file)
                        .contains("// MAGIC %" + cell.magic() + "\n// MAGIC first\n// MAGIC\n// MAGIC   indented\n");
            }
            assertThat(plain(SourceFormat.read(file, Language.JAVA))).isEqualTo(plain(notebook));
        }
    }

    @Test
    void anyCellsComeBackAsTheyWere() {
        Random random = new Random(20);
        String[] pieces = {"a", " ", "\n", "#", "// MAGIC x", "%sql", "é😀", "\"", "// DBTITLE", "    ", "--", "{"};
        for (int round = 0; round < 5_000; round++) {
            List<Cell> cells = new ArrayList<>();
            Language[] languages = Language.values();
            for (int count = random.nextInt(5); count >= 0; count--) {
                StringBuilder source = new StringBuilder("s");
                for (int piece = random.nextInt(6); piece > 0; piece--) {
                    source.append(pieces[random.nextInt(pieces.length)]);
                }
                cells.add(Cell.of(
                        "c" + count,
                        languages[random.nextInt(languages.length)],
                        source.append('e').toString(),
                        random.nextInt(4) == 0 ? "title " + count : null));
            }
            Notebook notebook = new Notebook(languages[random.nextInt(5)], cells);

            Notebook back = SourceFormat.read(SourceFormat.write(notebook), notebook.language());

            assertThat(plain(back)).isEqualTo(plain(notebook));
            assertThat(SourceFormat.write(back)).isEqualTo(SourceFormat.write(notebook));
        }
    }

    @Test
    void lineEndsByteOrderMarksAndTightSeparatorsAreTolerated() {
        String file =
                "\uFEFF// Databricks notebook source\r\nint x = 1;\r\n// COMMAND ----------\r\n// MAGIC %sql select 1";

        Notebook read = SourceFormat.read(file, Language.JAVA);

        assertThat(SourceFormat.isNotebook(file)).isTrue();
        assertThat(read.cells()).extracting(Cell::source).containsExactly("int x = 1;", " select 1");
        assertThat(read.cells().get(1).language()).isEqualTo(Language.SQL);
    }

    @Test
    void aPlainFileIsOneCell() {
        Notebook read = SourceFormat.read("class A {\n}\n", Language.JAVA);

        assertThat(read.cells()).extracting(Cell::source).containsExactly("class A {\n}");
        assertThat(SourceFormat.read("", Language.JAVA).cells()).isEmpty();
    }

    @Test
    void aCommentThatLooksLikeASeparatorDoesNotCutItsCell() {
        Notebook notebook = new Notebook(
                Language.JAVA, List.of(Cell.of("1", Language.JAVA, "a();\n// COMMAND ----------\nb();", null)));

        assertThat(SourceFormat.read(SourceFormat.write(notebook), Language.JAVA)
                        .cells())
                .hasSize(1);
    }

    private static List<List<String>> plain(Notebook notebook) {
        return notebook.cells().stream()
                .map(cell -> List.of(
                        cell.type().name(), cell.language().name(), cell.source(), String.valueOf(cell.title())))
                .toList();
    }
}
