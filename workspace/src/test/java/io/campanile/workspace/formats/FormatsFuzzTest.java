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
        "# Databricks notebook source",
        "# COMMAND ----------",
        "# MAGIC %sql",
        "# DBTITLE 1,",
        "// MAGIC ",
        "-- COMMAND ----------",
        "%md",
        "%run "
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
        "\"cells\":[",
        "{\"cell_type\":\"code\",",
        "\"metadata\":{",
        "\"source\":[",
        "\"outputs\":[",
        "\"attachments\":{",
        "\"application/vnd.databricks.v1+notebook\":",
        "\"application/vnd.databricks.v1+cell\":",
        "(attachment:p)",
        "\\ud800",
        "\\u0000",
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
        "\"version\":\"NotebookV1\"",
        "\"commands\":[",
        "\"command\":\"%md ",
        "\"position\":",
        "\"commandTitle\":",
        "\"campanile\":{",
        "\\ud800",
        "\\u0000",
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
