package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.Language;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Imports notebooks that must not be there yet: what two services store together. */
final class ImportWriter implements Writer {
    private final Rest rest;
    private final String root;
    private final List<String> there = new ArrayList<>();
    private int verified;

    ImportWriter(Rest rest, String root) throws Exception {
        this.rest = rest;
        this.root = root;
        rest.sdk().workspace().mkdirs(root);
    }

    @Override
    public String name() {
        return "imports";
    }

    @Override
    public void write() throws Exception {
        String path = root + "/notebook-" + there.size();
        Import request = new Import()
                .setPath(path)
                .setFormat(ImportFormat.SOURCE)
                .setLanguage(Language.SQL)
                .setContent(
                        Base64.getEncoder().encodeToString(source(there.size()).getBytes(StandardCharsets.UTF_8)));
        rest.change(
                "import " + path,
                "RESOURCE_ALREADY_EXISTS",
                () -> rest.sdk().workspace().importContent(request));
        there.add(path);
    }

    @Override
    public int acknowledged() {
        return there.size();
    }

    @Override
    public void verify(boolean all) throws Exception {
        assertThat(FolderWriter.names(rest, root)).as("notebooks").containsExactlyInAnyOrderElementsOf(there);
        for (int i = all ? 0 : verified; i < there.size(); i++) {
            ExportRequest request = new ExportRequest().setPath(there.get(i)).setFormat(ExportFormat.SOURCE);
            String content = rest.call("export", () -> rest.sdk().workspace().export(request))
                    .getContent();
            assertThat(new String(Base64.getDecoder().decode(content), StandardCharsets.UTF_8))
                    .as("content of %s", there.get(i))
                    .containsOnlyOnce("select " + i + " as number");
        }
        verified = there.size();
    }

    private static String source(int number) {
        return "-- Databricks notebook source\nselect " + number + " as number\n";
    }
}
