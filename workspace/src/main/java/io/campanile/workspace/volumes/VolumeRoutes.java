package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire shape of volumes and of grants on them. */
public final class VolumeRoutes {
    private static final String VOLUMES = "/api/2.1/unity-catalog/volumes";
    private static final String GRANTS = "/api/2.1/unity-catalog/permissions/volume/:full_name";
    private static final int MOST = 10_000;
    private static final int USUAL = 1_000;

    private final VolumeService volumes;
    private final GrantService grants;

    public VolumeRoutes(VolumeService volumes, GrantService grants) {
        this.volumes = requireNonNull(volumes, "volumes");
        this.grants = requireNonNull(grants, "grants");
    }

    public void mount(Endpoints api) {
        api.post(VOLUMES, Requires.user("volumes.create", "volume"), Create.class, (caller, body) -> {
            VolumeAccess.requireSchema(
                    body.catalogName().toLowerCase(Locale.ROOT),
                    body.schemaName().toLowerCase(Locale.ROOT));
            return wire(volumes.create(caller, body.name(), body.comment()));
        });
        api.get(VOLUMES, Requires.user("volumes.list", "volume"), this::list);
        api.get(
                VOLUMES + "/:name",
                Requires.object("volumes.get", "volume"),
                (caller, context) -> wire(volumes.get(caller, param(context, "name"))));
        api.handle(
                HttpMethod.PATCH,
                VOLUMES + "/:name",
                Requires.object("volumes.update", "volume"),
                (caller, context) -> {
                    Update body = Endpoints.readBody(context, Update.class);
                    return wire(volumes.update(
                            caller, param(context, "name"), body.newName(), body.comment(), body.owner()));
                });
        api.handle(
                HttpMethod.DELETE,
                VOLUMES + "/:name",
                Requires.object("volumes.delete", "volume"),
                (caller, context) -> {
                    volumes.delete(caller, param(context, "name"));
                    return Map.of();
                });
        api.get(
                GRANTS,
                Requires.object("volumes.get-permissions", "volume"),
                (caller, context) -> assignments(grants.list(
                        caller, param(context, "full_name"), context.request().getParam("principal"))));
        api.handle(
                HttpMethod.PATCH, GRANTS, Requires.object("volumes.change-permissions", "volume"), this::changeGrants);
    }

    private Map<String, Object> list(Caller caller, RoutingContext context) {
        VolumeAccess.requireSchema(
                query(context, "catalog_name").toLowerCase(Locale.ROOT),
                query(context, "schema_name").toLowerCase(Locale.ROOT));
        int limit = limit(context);
        List<Volume> found = volumes.list(caller, token(context), limit + 1);
        List<Volume> page = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new HashMap<>();
        answer.put("volumes", page.stream().map(VolumeRoutes::wire).toList());
        if (found.size() > limit) {
            answer.put(
                    "next_page_token",
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(page.get(limit - 1).name().getBytes(StandardCharsets.UTF_8)));
        }
        return answer;
    }

    private Map<String, Object> changeGrants(Caller caller, RoutingContext context) {
        Changes body = Endpoints.readBody(context, Changes.class);
        List<GrantService.Wanted> wanted = body.changes().stream()
                .map(change -> new GrantService.Wanted(
                        ApiException.require(change.principal(), "changes.principal"),
                        privileges(change.add()),
                        privileges(change.remove())))
                .toList();
        return assignments(grants.change(caller, param(context, "full_name"), wanted));
    }

    private static Set<Privilege> privileges(@Nullable List<String> names) {
        Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
        if (names != null) {
            names.forEach(name -> privileges.add(Privilege.named(ApiException.require(name, "changes.add"))));
        }
        return privileges;
    }

    private static Map<String, Object> assignments(Map<String, Set<Privilege>> grants) {
        return Map.of(
                "privilege_assignments",
                grants.entrySet().stream()
                        .map(entry -> Map.of("principal", entry.getKey(), "privileges", entry.getValue()))
                        .toList());
    }

    private static int limit(RoutingContext context) {
        @Nullable String asked = context.request().getParam("max_results");
        long limit = asked == null || asked.isEmpty() ? USUAL : Endpoints.longParam(context, "max_results");
        if (limit < 0 || limit > MOST) {
            throw ApiException.invalid("max_results must be between 0 and " + MOST);
        }
        return limit == 0 ? USUAL : (int) limit;
    }

    private static @Nullable String token(RoutingContext context) {
        @Nullable String token = context.request().getParam("page_token");
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("page_token is not one that was given out");
        }
    }

    private static String param(RoutingContext context, String name) {
        return ApiException.require(context.pathParam(name), name);
    }

    private static String query(RoutingContext context, String name) {
        return ApiException.require(context.request().getParam(name), name);
    }

    private static Map<String, Object> wire(Volume volume) {
        Map<String, Object> wire = new HashMap<>();
        wire.put("volume_id", volume.volumeId());
        wire.put("name", volume.name());
        wire.put("catalog_name", Volume.CATALOG);
        wire.put("schema_name", Volume.SCHEMA);
        wire.put("full_name", volume.fullName());
        wire.put("volume_type", Create.MANAGED);
        wire.put("storage_location", "dbfs:" + volume.folder());
        wire.put("owner", volume.ownerName());
        wire.put("created_by", volume.createdBy());
        wire.put("created_at", volume.createdAt().toEpochMilli());
        wire.put("updated_by", volume.updatedBy());
        wire.put("updated_at", volume.updatedAt().toEpochMilli());
        wire.put("browse_only", false);
        if (volume.comment() != null) {
            wire.put("comment", volume.comment());
        }
        return wire;
    }

    record Create(
            String catalogName,
            String schemaName,
            String name,
            @Nullable String volumeType,
            @Nullable String storageLocation,
            @Nullable String comment) {
        private static final String MANAGED = "MANAGED";

        Create {
            ApiException.require(catalogName, "catalog_name");
            ApiException.require(schemaName, "schema_name");
            ApiException.require(name, "name");
            if (!MANAGED.equals(ApiException.require(volumeType, "volume_type")) || storageLocation != null) {
                throw ApiException.invalid("volume_type must be MANAGED, without a storage_location: external volumes "
                        + "are not supported");
            }
        }
    }

    record Update(
            @Nullable String newName,
            @Nullable String comment,
            @Nullable String owner) {}

    record Changes(List<Change> changes) {
        Changes {
            ApiException.require(changes, "changes");
        }
    }

    record Change(
            @Nullable String principal,
            @Nullable List<String> add,
            @Nullable List<String> remove) {}
}
