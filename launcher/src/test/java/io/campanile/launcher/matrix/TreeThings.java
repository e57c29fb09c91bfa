package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Folders, notebooks and files of the owner, in a folder shared with the viewer and the runner. */
final class TreeThings {
    private final Tenants tenants;
    private final Things things;

    TreeThings(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    void register() {
        things.maker("folder", this::folder);
        things.maker("notebook", this::notebook);
        things.maker("run", this::run);
        things.maker("version", this::version);
        things.maker("attachment", this::attachment);
        things.maker("file", this::file);
        things.maker("trashed", this::trashed);
    }

    private Map<String, String> folder() {
        String path = tenants.value("owner.home") + "/shared-" + Tenants.unique();
        tenants.send(Identity.OWNER, "POST", "/api/2.0/workspace/mkdirs", Things.json(Map.of("path", path)));
        String id = status(path);
        things.share("directories", id, "CAN_READ", "CAN_RUN");
        return Map.of("folder", id, "folder.path", path);
    }

    private Map<String, String> notebook() {
        String path = place() + "/notebook-" + Tenants.unique();
        String ipynb = """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "java", "display_name": "Java",
                 "language": "java"}}, "cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "execution_count": 1,
                 "source": "// CANARY", "outputs": [{"output_type": "stream", "name": "stdout", "text": "CANARY"}]}]}""".replace("CANARY", things.canary());
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/workspace/import",
                Things.json(Map.of("path", path, "format", "JUPYTER", "content", Things.base64(ipynb))));
        return Map.of("notebook", status(path), "notebook.path", path);
    }

    /** A run with its output; its cell, and a table that a node has sent. */
    private Map<String, String> run() {
        String notebook = things.value("notebook");
        JsonNode snapshot = tenants.get(Identity.OWNER, "/api/campanile/v1/notebooks/" + notebook)
                .json();
        String run = snapshot.path("runs").path(0).path("run_id").asText();
        String result = Tenants.unique();
        long user = Long.parseLong(tenants.value("owner.id"));
        onNode(run);
        String token = tenants.platform()
                .tokens()
                .sign(
                        Map.of(
                                "svc",
                                "node",
                                "nid",
                                "node-m",
                                "cid",
                                "cluster-m",
                                "ws",
                                tenants.workspaceId(),
                                "uid",
                                user,
                                "usr",
                                tenants.value("owner.name"),
                                "ep",
                                1),
                        "notebook-service",
                        Duration.ofMinutes(1));
        tenants.wire()
                .sendBytes(
                        Wire.Call.of("PUT", "/node/v1/results/" + result + "?run_id=" + run, null)
                                .with("Authorization", "Bearer " + token)
                                .at(tenants.platform().port("notebook-service")),
                        Arrows.row(things.canary()))
                .succeeded("a result");
        return Map.of(
                "run", run, "cell", snapshot.path("cells").path(0).path("id").asText(), "result", result);
    }

    private Map<String, String> version() {
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/campanile/v1/notebooks/" + things.value("notebook") + "/versions",
                        Things.json(Map.of("name", "v" + Tenants.unique(), "description", things.canary())))
                .json();
        return Map.of(
                "version",
                made.path("version_id").asText(),
                "revision",
                made.path("revision").asText());
    }

    private Map<String, String> attachment() {
        JsonNode made = tenants.wire()
                .send(tenants.authorized(
                        Identity.OWNER,
                        Wire.Call.of(
                                        "POST",
                                        "/api/campanile/v1/notebooks/" + things.value("notebook") + "/attachments",
                                        "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- " + things.canary()
                                                + " --></svg>")
                                .with("Content-Type", "image/svg+xml")))
                .succeeded("an attachment")
                .json();
        return Map.of("attachment", made.path("attachment_id").asText());
    }

    private Map<String, String> file() {
        String name = "file-" + Tenants.unique() + ".txt";
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "PUT",
                        "/api/campanile/v1/objects/" + things.value("folder") + "/content?name=" + name,
                        things.canary())
                .json();
        return Map.of("file", made.path("object_id").asText(), "file.path", place() + "/" + name);
    }

    private Map<String, String> trashed() {
        String id = notebook().get("notebook");
        tenants.send(Identity.OWNER, "POST", "/api/campanile/v1/objects/" + id + "/trash", "{}");
        return Map.of("trashed", String.valueOf(id));
    }

    /** No node ran the imported output; the platform takes tables only from the node that had the run. */
    private void onNode(String run) {
        try (Connection connection = tenants.platform().database();
                PreparedStatement update = connection.prepareStatement("update notebook_service.cell_run set cluster_id"
                        + " = 'cluster-m', kernel_id = 'kernel-m', epoch = 1 where run_id = ?")) {
            update.setLong(1, Long.parseLong(run));
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String status(String path) {
        return tenants.get(Identity.OWNER, "/api/2.0/workspace/get-status?path=" + path)
                .json()
                .path("object_id")
                .asText();
    }

    private String place() {
        return things.value("folder.path");
    }
}
