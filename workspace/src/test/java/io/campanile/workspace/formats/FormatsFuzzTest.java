package io.campanile.workspace.formats;

import static io.campanile.workspace.Hostile.takenOrRefused;
import static io.campanile.workspace.Hostile.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.campanile.common.json.Json;

/** What a format reads it can write, and what it wrote it reads to the same again. */
final class FormatsFuzzTest {
    private static final long LIMIT = 1 << 22;

    @DictionaryEntries({
        "# Databricks notebook source\\x0a",
        "\\x0a# COMMAND ----------\\x0a",
        "# MAGIC %sql\\x0a",
        "# DBTITLE 1,",
        "// MAGIC ",
        "-- COMMAND ----------",
        "%md",
        "%run ",
        "\\x0d\\x0a",
        "\\xef\\xbb\\xbf"
    })
    @FuzzTest
    void source(byte[] input) throws Exception {
        String text = text(input);
        for (Language language : Language.values()) {
            if (language.ofNotebooks()) {
                takenOrRefused(() -> {
                    ReadFile read = SourceFormat.readFile(text, language);
                    String plain = SourceFormat.write(read.notebook());
                    String ended = SourceFormat.write(read.notebook(), kept(read));

                    assertThat(SourceFormat.write(SourceFormat.read(plain, language)))
                            .isEqualTo(plain);
                    ReadFile again = SourceFormat.readFile(ended, language);
                    assertThat(SourceFormat.write(again.notebook(), kept(again)))
                            .isEqualTo(ended);
                });
            }
        }
    }

    @DictionaryEntries({
        "\\x22cells\\x22:[",
        "{\\x22cell_type\\x22:\\x22code\\x22,",
        "\\x22metadata\\x22:{",
        "\\x22source\\x22:[",
        "\\x22outputs\\x22:[",
        "\\x22attachments\\x22:{",
        "\\x22application/vnd.databricks.v1+notebook\\x22:",
        "\\x22application/vnd.databricks.v1+cell\\x22:",
        "(attachment:p)",
        "\\x5cud800",
        "\\x5cu0000",
        "1e999",
        "null"
    })
    @FuzzTest
    void jupyter(byte[] input) throws Exception {
        takenOrRefused(() -> {
            ReadFile read = JupyterFormat.readFile(input, null);
            byte[] written = JupyterFormat.write(read.notebook(), kept(read), "n", LIMIT);

            ReadFile again = JupyterFormat.readFile(written, null);
            assertThat(text(JupyterFormat.write(again.notebook(), kept(again), "n", LIMIT)))
                    .isEqualTo(text(written));
        });
    }

    @DictionaryEntries({
        "\\x22version\\x22:\\x22NotebookV1\\x22",
        "\\x22commands\\x22:[",
        "\\x22command\\x22:\\x22%md ",
        "\\x22position\\x22:",
        "\\x22commandTitle\\x22:",
        "\\x22campanile\\x22:{",
        "\\x5cud800",
        "\\x5cu0000",
        "1e999"
    })
    @FuzzTest
    void dbc(byte[] input) throws Exception {
        takenOrRefused(() -> {
            byte[] written = DbcFormat.write(DbcFormat.read(input, Language.PYTHON), "n", LIMIT);

            assertThat(text(DbcFormat.write(DbcFormat.read(written, Language.PYTHON), "n", LIMIT)))
                    .isEqualTo(text(written));
        });
    }

    /** As the database gives them back. */
    private static Trimmings kept(ReadFile read) {
        return Json.read(Json.write(read.trimmings()), Trimmings.class);
    }
}
