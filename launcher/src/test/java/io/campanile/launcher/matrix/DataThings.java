package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Files, secrets, clusters, policies and pools, shared with the viewer and the runner. */
final class DataThings {
    private final Tenants tenants;
    private final Things things;

    DataThings(Tenants tenants, Things things) {
        this.tenants = tenants;
        this.things = things;
    }

    void register() {
        things.maker("volume", this::volume);
        things.maker("volfile", this::volumeFile);
        things.maker("voldir", this::volumeFolder);
        things.maker("dbfile", this::dbfsFile);
        things.maker("handle", this::handle);
        things.maker("upload", this::upload);
        things.maker("scope", this::scope);
        things.maker("cluster", this::cluster);
        things.maker("policy", this::policy);
        things.maker("closedpolicy", () -> Map.of("closedpolicy", closedPolicy()));
        things.maker("pool", this::pool);
        things.maker("closedpool", () -> Map.of("closedpool", closedPool()));
        things.maker("budget", this::budget);
    }

    private Map<String, String> volume() {
        String name = "v" + Tenants.unique().replace("-", "");
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.1/unity-catalog/volumes",
                Things.json(Map.of(
                        "catalog_name",
                        "main",
                        "schema_name",
                        "default",
                        "name",
                        name,
                        "volume_type",
                        "MANAGED",
                        "comment",
                        things.canary())));
        tenants.send(
                Identity.OWNER,
                "PATCH",
                "/api/2.1/unity-catalog/permissions/volume/main.default." + name,
                Things.json(Map.of(
                        "changes",
                        List.of(
                                Map.of("principal", tenants.value("viewer.name"), "add", List.of("READ_VOLUME")),
                                Map.of("principal", tenants.value("runner.name"), "add", List.of("WRITE_VOLUME"))))));
        return Map.of(
                "volume", "main.default." + name, "volume.path", "/Volumes/main/default/" + name, "volume.name", name);
    }

    private Map<String, String> volumeFile() {
        String path = things.value("volume.path") + "/file-" + Tenants.unique();
        tenants.send(Identity.OWNER, "PUT", "/api/2.0/fs/files" + path, things.canary());
        return Map.of("volfile", path);
    }

    private Map<String, String> volumeFolder() {
        String path = things.value("volume.path") + "/folder-" + Tenants.unique();
        tenants.send(Identity.OWNER, "PUT", "/api/2.0/fs/directories" + path, "");
        return Map.of("voldir", path);
    }

    private Map<String, String> dbfsFile() {
        String path = "/matrix/file-" + Tenants.unique();
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/dbfs/put",
                Things.json(Map.of("path", path, "contents", Things.base64(things.canary()))));
        return Map.of("dbfile", path);
    }

    private Map<String, String> handle() {
        String path = "/matrix/written-" + Tenants.unique();
        JsonNode made = tenants.send(Identity.OWNER, "POST", "/api/2.0/dbfs/create", Things.json(Map.of("path", path)))
                .json();
        return Map.of("handle", made.path("handle").asText());
    }

    private Map<String, String> upload() {
        String path = things.value("volume.path") + "/upload-" + Tenants.unique();
        JsonNode made = tenants.send(
                        Identity.OWNER, "POST", "/api/campanile/v1/files/uploads", Things.json(Map.of("path", path)))
                .json();
        return Map.of("upload", made.path("upload_id").asText());
    }

    private Map<String, String> scope() {
        String name = "scope-" + Tenants.unique();
        tenants.send(Identity.OWNER, "POST", "/api/2.0/secrets/scopes/create", Things.json(Map.of("scope", name)));
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/secrets/put",
                Things.json(Map.of("scope", name, "key", "key", "string_value", things.canary())));
        acl(name, "viewer", "READ");
        acl(name, "runner", "WRITE");
        return Map.of("scope", name);
    }

    private Map<String, String> cluster() {
        String id = cluster(Identity.OWNER);
        things.share("clusters", id, "CAN_ATTACH_TO", "CAN_RESTART");
        return Map.of("cluster", id);
    }

    /** One that everybody of A may use. */
    private Map<String, String> policy() {
        String id = closedPolicy();
        List<Map<String, String>> users = List.of(
                Map.of("user_name", tenants.value("viewer.name"), "permission_level", "CAN_USE"),
                Map.of("user_name", tenants.value("runner.name"), "permission_level", "CAN_USE"),
                Map.of("user_name", tenants.value("owner.name"), "permission_level", "CAN_USE"));
        tenants.send(
                Identity.ADMIN,
                "PATCH",
                "/api/2.0/permissions/cluster-policies/" + id,
                Things.json(Map.of("access_control_list", users)));
        return Map.of("policy", id);
    }

    /** Of a tag that no cluster has: it keeps nothing from starting. */
    private Map<String, String> budget() {
        String body = Things.json(Map.of(
                "name",
                "budget-" + Tenants.unique(),
                "scope",
                "TAG",
                "tag_key",
                "canary",
                "tag_value",
                things.canary(),
                "amount",
                1000));
        return Map.of(
                "budget",
                tenants.send(Identity.ADMIN, "POST", "/api/campanile/v1/budgets", body)
                        .json()
                        .path("budget_id")
                        .asText());
    }

    private String closedPolicy() {
        return tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/policies/clusters/create",
                        Things.json(Map.of(
                                "name",
                                "policy-" + Tenants.unique(),
                                "description",
                                things.canary(),
                                "definition",
                                "{}")))
                .json()
                .path("policy_id")
                .asText();
    }

    /** One that the owner manages, and viewer and runner may use. Nothing idles in it. */
    private Map<String, String> pool() {
        String id = closedPool();
        List<Map<String, String>> users = List.of(
                Map.of("user_name", tenants.value("viewer.name"), "permission_level", "CAN_ATTACH_TO"),
                Map.of("user_name", tenants.value("runner.name"), "permission_level", "CAN_ATTACH_TO"),
                Map.of("user_name", tenants.value("owner.name"), "permission_level", "CAN_MANAGE"));
        tenants.send(
                Identity.ADMIN,
                "PATCH",
                "/api/2.0/permissions/instance-pools/" + id,
                Things.json(Map.of("access_control_list", users)));
        return Map.of("pool", id);
    }

    private String closedPool() {
        return tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/instance-pools/create",
                        Things.json(Map.of(
                                "instance_pool_name",
                                "pool-" + Tenants.unique(),
                                "node_type_id",
                                "local.small",
                                "custom_tags",
                                Map.of("canary", things.canary()))))
                .json()
                .path("instance_pool_id")
                .asText();
    }

    private void acl(String scope, String who, String level) {
        tenants.send(
                Identity.OWNER,
                "POST",
                "/api/2.0/secrets/acls/put",
                Things.json(Map.of("scope", scope, "principal", tenants.value(who + ".name"), "permission", level)));
    }

    /** One that has ended: in that state every order but a restart means something. */
    String cluster(Identity who) {
        String id = tenants.send(
                        who,
                        "POST",
                        "/api/2.1/clusters/create",
                        Things.json(Map.of(
                                "cluster_name",
                                who == Identity.OWNER ? things.canary() : "of another",
                                "spark_version",
                                "4.0.x-scala2.13",
                                "node_type_id",
                                "local.small",
                                "num_workers",
                                0)))
                .json()
                .path("cluster_id")
                .asText();
        tenants.send(who, "POST", "/api/2.1/clusters/delete", Things.json(Map.of("cluster_id", id)));
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
}
