package io.campanile.workspace.notebooks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.InternalClient;
import io.campanile.workspace.formats.Cell;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import java.util.List;
import java.util.Map;

/** The internal HTTP API of the notebook service. */
public final class HttpNotebookClient implements NotebookClient {
    private static final String SELF = "workspace";
    private final InternalClient http;

    public HttpNotebookClient(InternalClient http) {
        this.http = requireNonNull(http, "http");
    }

    @Override
    public void put(Caller caller, long objectId, Notebook notebook, boolean replace) {
        http.put(
                caller.via(SELF),
                path(objectId),
                new PutDocument(notebook.language(), notebook.cells(), replace),
                JsonNode.class);
    }

    @Override
    public Notebook get(Caller caller, long objectId, boolean outputs) {
        return http.get(caller.via(SELF), path(objectId) + "?outputs=" + outputs, Document.class)
                .notebook();
    }

    @Override
    public void delete(Caller caller, long objectId) {
        http.delete(caller.via(SELF), path(objectId), JsonNode.class);
    }

    @Override
    public void setLanguage(Caller caller, long objectId, Language language) {
        http.post(caller.via(SELF), path(objectId) + "/language", Map.of("language", language), JsonNode.class);
    }

    private static String path(long objectId) {
        return "/internal/notebooks/" + objectId;
    }

    record PutDocument(Language language, List<Cell> cells, boolean replace) {}

    record Document(Language language, List<Cell> cells) {
        Document {
            ApiException.require(language, "language");
            ApiException.require(cells, "cells");
        }

        Notebook notebook() {
            return new Notebook(language, cells);
        }
    }
}
