package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;

/** The wire of whole notebooks, for the workspace service. */
public final class DocumentRoutes {
    private static final String ONE = "/internal/notebooks/:object_id";
    private final Documents documents;
    private final Imports imports;
    private final Blocking blocking;

    public DocumentRoutes(Documents documents, Imports imports, Blocking blocking) {
        this.documents = requireNonNull(documents, "documents");
        this.imports = requireNonNull(imports, "imports");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.handle(HttpMethod.PUT, ONE, Requires.service("notebooks.import", "notebook"), this::put);
        api.async(
                HttpMethod.GET,
                ONE,
                Requires.service("notebooks.export", "notebook"),
                (caller, context) -> JsonAnswer.send(blocking, context, () -> get(caller, context)));
        api.handle(HttpMethod.DELETE, ONE, Requires.service("notebooks.delete", "notebook"), (caller, context) -> {
            imports.delete(caller, id(context));
            return Map.of();
        });
        api.handle(
                HttpMethod.POST,
                ONE + "/language",
                Requires.service("notebooks.language", "notebook"),
                (caller, context) -> {
                    imports.language(
                            caller,
                            id(context),
                            Endpoints.readBody(context, Language.class).language());
                    return Map.of();
                });
    }

    private Map<String, Long> put(Caller caller, RoutingContext context) {
        Put body = Endpoints.readBodyWithAnyText(context, Put.class);
        return Map.of("revision", imports.put(caller, id(context), body.language(), body.cells(), body.replace()));
    }

    private ObjectNode get(Caller caller, RoutingContext context) {
        long id = id(context);
        NotebookDocument document = documents.read(caller.workspaceId(), id).orElseThrow(() -> Documents.absent(id));
        boolean outputs = Boolean.parseBoolean(context.request().getParam("outputs"));
        ObjectNode out = Json.MAPPER.createObjectNode().put("language", document.language());
        out.put("revision", document.revision())
                .put("modified_at", document.modifiedAt().toEpochMilli());
        ArrayNode cells = out.putArray("cells");
        imports.export(document, outputs).forEach(cell -> cells.add(Json.MAPPER.<ObjectNode>valueToTree(cell)));
        return out;
    }

    private static long id(RoutingContext context) {
        return Endpoints.longParam(context, "object_id");
    }

    record Put(String language, List<Imports.PlainCell> cells, boolean replace) {
        Put {
            ApiException.require(language, "language");
            ApiException.require(cells, "cells");
        }
    }

    record Language(String language) {
        Language {
            ApiException.require(language, "language");
        }
    }
}
