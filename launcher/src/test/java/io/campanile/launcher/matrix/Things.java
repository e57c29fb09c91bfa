package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Real things of the owner in workspace A, each with the canary where nobody asks for it by name, and shared with the
 * viewer and the runner. {@code <notebook>} in a request of the table is the one that stands for the whole run,
 * {@code <new.notebook>} one that is made for the call.
 */
final class Things {
    private static final String SHARES =
            """
            {"access_control_list": [{"user_name": "%s", "permission_level": "%s"},
              {"user_name": "%s", "permission_level": "%s"}]}""";
    /** What nobody has, in the form in which it is asked for. */
    private static final Map<String, String> NOBODYS = Map.of(
            "number", "999999999999",
            "uuid", "00000000-0000-4000-8000-00000000dead",
            "text", "nobodys-thing");

    private final Tenants tenants;
    private final String canary = "canary-" + UUID.randomUUID();
    private final Map<String, Supplier<Map<String, String>>> makers = new LinkedHashMap<>();

    Things(Tenants tenants) {
        this.tenants = tenants;
        makers.put("folder", this::folder);
        makers.put("notebook", this::notebook);
        makers.put("run", this::run);
        makers.put("version", this::version);
        makers.put("attachment", this::attachment);
        makers.put("file", this::file);
        makers.put("trashed", this::trashed);
        makers.put("volume", this::volume);
        makers.put("volfile", this::volumeFile);
        makers.put("voldir", this::volumeFolder);
        makers.put("dbfile", this::dbfsFile);
        makers.put("handle", this::handle);
        makers.put("upload", this::upload);
        makers.put("scope", this::scope);
        makers.put("cluster", this::cluster);
        makers.put("token", this::token);
        makers.put("session", this::session);
        makers.put("user", this::user);
        makers.put("group", this::group);
        makers.put("sp", this::servicePrincipal);
        makers.put("secret", this::clientSecret);
        makers.put("iplist", this::addressList);
        makers.put("rented", this::workspace);
        makers.put("other", this::ofAnother);
        homes();
    }

    /** In no answer that is a refusal, and in none to another tenant. */
    String canary() {
        return canary;
    }

    /** What a name stands for; a thing is made when it is first named. */
    String value(String name) {
        if (!tenants.values().containsKey(name)) {
            int end = name.indexOf('.');
            tenants.values().putAll(make(end < 0 ? name : name.substring(0, end)));
        }
        return tenants.value(name);
    }

    /** A fresh one of its kind: its names and what they stand for. */
    Map<String, String> make(String kind) {
        Supplier<Map<String, String>> maker = makers.get(kind);
        if (maker == null) {
            throw new IllegalArgumentException("Nothing makes a " + kind);
        }
        return maker.get();
    }

    /** In the place of an id: one of the same form that does not exist. */
    String nobodys(String real) {
        String form = real.matches("[0-9]+") ? "number" : real.matches("[0-9a-f-]{36}") ? "uuid" : "text";
        if (real.startsWith("/")) {
            return real.substring(0, real.lastIndexOf('/') + 1) + NOBODYS.get("text");
        }
        return String.valueOf(NOBODYS.get(form));
    }

    private void homes() {
        for (Identity who : List.of(
                Identity.VIEWER, Identity.RUNNER, Identity.OWNER, Identity.ADMIN, Identity.OTHER, Identity.ACCOUNT)) {
            JsonNode home = tenants.get(who, "/api/campanile/v1/home").json();
            tenants.values().put(who.column() + ".home", home.path("home").path("path").asText());
            tenants.values().put(who.column() + ".home.id", home.path("home").path("object_id").asText());
        }
    }

    /** Of tenant B, to be named beside things of A in one request. */
    private Map<String, String> ofAnother() {
        JsonNode group = tenants.send(
                        Identity.OTHER, "POST", "/api/2.0/preview/scim/v2/Groups", scim("Group", "displayName", "b"))
                .json();
        String path = tenants.value("other.home") + "/folder";
        tenants.send(Identity.OTHER, "POST", "/api/2.0/workspace/mkdirs", json(Map.of("path", path)));
        JsonNode folder = tenants.get(Identity.OTHER, "/api/2.0/workspace/get-status?path=" + path)
                .json();
        return Map.of(
                "other.group", group.path("id").asText(),
                "other.cluster", cluster(Identity.OTHER),
                "other.folder", folder.path("object_id").asText());
    }

    private Map<String, String> folder() {
        String path = tenants.value("owner.home") + "/shared-" + Tenants.unique();
        tenants.send(Identity.OWNER, "POST", "/api/2.0/workspace/mkdirs", json(Map.of("path", path)));
        String id = status(path);
        share("directories", id, "CAN_READ", "CAN_RUN");
        return Map.of("folder", id, "folder.path", path);
    }

    private Map<String, String> notebook() {
        String path = place() + "/notebook-" + Tenants.unique();
        String ipynb =
                """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "java", "display_name": "Java",
                 "language": "java"}}, "cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "execution_count": 1,
                 "source": "// CANARY", "outputs": [{"output_type": "stream", "name": "stdout", "text": "CANARY"}]}]}"""
                        .replace("CANARY", canary);
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/workspace/import",
                json(Map.of("path", path, "format", "JUPYTER", "content", base64(ipynb))));
        return Map.of("notebook", status(path), "notebook.path", path);
    }

    /** A run with its output; its cell, and a table that a node has sent. */
    private Map<String, String> run() {
        String notebook = value("notebook");
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
                                "svc", "node", "nid", "node-m", "cid", "cluster-m", "ws", tenants.workspaceId(), "uid",
                                user, "usr", tenants.value("owner.name"), "ep", 1),
                        "notebook-service",
                        Duration.ofMinutes(1));
        tenants.wire()
                .sendBytes(
                        Wire.Call.of("PUT", "/node/v1/results/" + result + "?run_id=" + run, null)
                                .with("Authorization", "Bearer " + token)
                                .at(tenants.platform().port("notebook-service")),
                        Arrows.row(canary))
                .succeeded("a result");
        return Map.of(
                "run", run, "cell", snapshot.path("cells").path(0).path("id").asText(), "result", result);
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

    private Map<String, String> version() {
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/campanile/v1/notebooks/" + value("notebook") + "/versions",
                        json(Map.of("name", "v" + Tenants.unique(), "description", canary)))
                .json();
        return Map.of(
                "version", made.path("version_id").asText(), "revision", made.path("revision").asText());
    }

    private Map<String, String> attachment() {
        JsonNode made = tenants.wire()
                .send(tenants.authorized(
                        Identity.OWNER,
                        Wire.Call.of(
                                        "POST",
                                        "/api/campanile/v1/notebooks/" + value("notebook") + "/attachments",
                                        "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- " + canary + " --></svg>")
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
                        "/api/campanile/v1/objects/" + value("folder") + "/content?name=" + name,
                        canary)
                .json();
        return Map.of("file", made.path("object_id").asText(), "file.path", place() + "/" + name);
    }

    private Map<String, String> trashed() {
        String id = notebook().get("notebook");
        tenants.send(Identity.OWNER, "POST", "/api/campanile/v1/objects/" + id + "/trash", "{}");
        return Map.of("trashed", String.valueOf(id));
    }

    private Map<String, String> volume() {
        String name = "v" + Tenants.unique().replace("-", "");
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.1/unity-catalog/volumes",
                json(Map.of(
                        "catalog_name", "main", "schema_name", "default", "name", name, "volume_type", "MANAGED",
                        "comment", canary)));
        tenants.send(
                Identity.OWNER,
                "PATCH",
                "/api/2.1/unity-catalog/permissions/volume/main.default." + name,
                json(Map.of(
                        "changes",
                        List.of(
                                Map.of("principal", tenants.value("viewer.name"), "add", List.of("READ_VOLUME")),
                                Map.of("principal", tenants.value("runner.name"), "add", List.of("WRITE_VOLUME"))))));
        return Map.of("volume", "main.default." + name, "volume.path", "/Volumes/main/default/" + name, "volume.name", name);
    }

    private Map<String, String> volumeFile() {
        String path = value("volume.path") + "/file-" + Tenants.unique();
        tenants.send(Identity.OWNER, "PUT", "/api/2.0/fs/files" + path, canary);
        return Map.of("volfile", path);
    }

    private Map<String, String> volumeFolder() {
        String path = value("volume.path") + "/folder-" + Tenants.unique();
        tenants.send(Identity.OWNER, "PUT", "/api/2.0/fs/directories" + path, "");
        return Map.of("voldir", path);
    }

    private Map<String, String> dbfsFile() {
        String path = "/matrix/file-" + Tenants.unique();
        tenants.send(
                Identity.OWNER, "POST", "/api/2.0/dbfs/put", json(Map.of("path", path, "contents", base64(canary))));
        return Map.of("dbfile", path);
    }

    private Map<String, String> handle() {
        String path = "/matrix/written-" + Tenants.unique();
        JsonNode made = tenants.send(Identity.OWNER, "POST", "/api/2.0/dbfs/create", json(Map.of("path", path)))
                .json();
        return Map.of("handle", made.path("handle").asText());
    }

    private Map<String, String> upload() {
        String path = value("volume.path") + "/upload-" + Tenants.unique();
        JsonNode made = tenants.send(
                        Identity.OWNER, "POST", "/api/campanile/v1/files/uploads", json(Map.of("path", path)))
                .json();
        return Map.of("upload", made.path("upload_id").asText());
    }

    private Map<String, String> scope() {
        String name = "scope-" + Tenants.unique();
        tenants.send(Identity.OWNER, "POST", "/api/2.0/secrets/scopes/create", json(Map.of("scope", name)));
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/secrets/put",
                json(Map.of("scope", name, "key", "key", "string_value", canary)));
        acl(name, "viewer", "READ");
        acl(name, "runner", "WRITE");
        return Map.of("scope", name);
    }

    private void acl(String scope, String who, String level) {
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/secrets/acls/put",
                json(Map.of("scope", scope, "principal", tenants.value(who + ".name"), "permission", level)));
    }

    private Map<String, String> cluster() {
        String id = cluster(Identity.OWNER);
        share("clusters", id, "CAN_ATTACH_TO", "CAN_RESTART");
        return Map.of("cluster", id);
    }

    /** One that has ended: in that state every order but a restart means something. */
    private String cluster(Identity who) {
        String id = tenants.send(
                        who,
                        "POST",
                        "/api/2.1/clusters/create",
                        json(Map.of(
                                "cluster_name", canary, "spark_version", "4.0.x-scala2.13", "node_type_id", "local.small",
                                "num_workers", 0)))
                .json()
                .path("cluster_id")
                .asText();
        tenants.send(who, "POST", "/api/2.1/clusters/delete", json(Map.of("cluster_id", id)));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> tenants.get(who, "/api/2.1/clusters/get?cluster_id=" + id)
                        .json()
                        .path("state")
                        .asText()
                        .equals("TERMINATED"));
        return id;
    }

    private Map<String, String> token() {
        JsonNode made = tenants.send(
                        Identity.OWNER, "POST", "/api/2.0/token/create", json(Map.of("comment", canary)))
                .json();
        return Map.of("token", made.path("token_info").path("token_id").asText());
    }

    private Map<String, String> session() {
        String cookie = tenants.session(Identity.OWNER);
        String id = tenants.wire()
                .send(Wire.Call.of("GET", "/api/campanile/v1/me/session", null).with("Cookie", cookie))
                .succeeded("a session")
                .json()
                .path("session_id")
                .asText();
        return Map.of("session", id, "session.cookie", cookie);
    }

    private Map<String, String> user() {
        String name = "user-" + Tenants.unique() + "@matrix";
        return Map.of("user", created("Users", scim("User", "userName", name, "displayName", canary)), "user.name", name);
    }

    private Map<String, String> group() {
        return Map.of("group", created("Groups", scim("Group", "displayName", canary + Tenants.unique())));
    }

    private Map<String, String> servicePrincipal() {
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/preview/scim/v2/ServicePrincipals",
                        scim("ServicePrincipal", "displayName", canary))
                .json();
        return Map.of("sp", made.path("id").asText(), "sp.app", made.path("applicationId").asText());
    }

    /** Of a service principal of its own: each has five at most. */
    private Map<String, String> clientSecret() {
        Map<String, String> principal = servicePrincipal();
        String id = String.valueOf(principal.get("sp"));
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/accounts/servicePrincipals/" + id + "/credentials/secrets",
                        "{}")
                .json();
        return Map.of(
                "secret", made.path("id").asText(),
                "secret.value", made.path("secret").asText(),
                "secret.sp", id,
                "secret.app", String.valueOf(principal.get("sp.app")));
    }

    private Map<String, String> addressList() {
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/ip-access-lists",
                        json(Map.of(
                                "label", canary + Tenants.unique(), "list_type", "BLOCK", "ip_addresses",
                                List.of("192.0.2.7"))))
                .json();
        return Map.of("iplist", made.path("ip_access_list").path("list_id").asText());
    }

    /** A workspace more, to be changed or ended. */
    private Map<String, String> workspace() {
        String name = "rented-" + Tenants.unique();
        JsonNode made = tenants.send(
                        Identity.ACCOUNT,
                        "POST",
                        "/api/2.0/accounts/" + tenants.value("account") + "/workspaces",
                        json(Map.of("workspace_name", name, "deployment_name", name)))
                .json();
        return Map.of("rented", made.path("workspace_id").asText());
    }

    private String created(String folder, String body) {
        return tenants.send(Identity.ADMIN, "POST", "/api/2.0/preview/scim/v2/" + folder, body)
                .json()
                .path("id")
                .asText();
    }

    private void share(String collection, String id, String viewer, String runner) {
        tenants.send(
                Identity.OWNER,
                "PATCH",
                "/api/2.0/permissions/" + collection + "/" + id,
                SHARES.formatted(tenants.value("viewer.name"), viewer, tenants.value("runner.name"), runner));
    }

    private String status(String path) {
        return tenants.get(Identity.OWNER, "/api/2.0/workspace/get-status?path=" + path)
                .json()
                .path("object_id")
                .asText();
    }

    private String place() {
        return value("folder.path");
    }

    private static String scim(String kind, String... fields) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:" + kind));
        for (int i = 0; i < fields.length; i += 2) {
            resource.put(fields[i], fields[i + 1]);
        }
        return Json.write(resource);
    }

    private static String json(Map<String, ?> body) {
        return Json.write(body);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
