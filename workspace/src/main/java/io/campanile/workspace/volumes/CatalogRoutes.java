package io.campanile.workspace.volumes;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one catalog and the one schema there are, in the shape of the catalog's API. */
public final class CatalogRoutes {
    private static final String PREFIX = "/api/2.1/unity-catalog/";
    private static final String TYPE = "MANAGED_CATALOG";
    private static final Map<String, Object> MAIN = Map.of(
            "name",
            Volume.CATALOG,
            "full_name",
            Volume.CATALOG,
            "catalog_type",
            TYPE,
            "securable_type",
            "CATALOG",
            "isolation_mode",
            "OPEN",
            "owner",
            "admins",
            "comment",
            "Main catalog",
            "browse_only",
            false);
    private static final Map<String, Object> DEFAULT = Map.of(
            "name",
            Volume.SCHEMA,
            "catalog_name",
            Volume.CATALOG,
            "full_name",
            Volume.CATALOG + "." + Volume.SCHEMA,
            "catalog_type",
            TYPE,
            "owner",
            "admins",
            "comment",
            "Default schema",
            "browse_only",
            false);

    public void mount(Endpoints api) {
        api.get(
                PREFIX + "catalogs",
                Requires.user("catalogs.list", "catalog"),
                (caller, context) -> Map.of("catalogs", List.of(MAIN)));
        api.get(PREFIX + "catalogs/:name", Requires.user("catalogs.get", "catalog"), (caller, context) -> {
            VolumeAccess.requireSchema(lower(context.pathParam("name"), "name"), null);
            return MAIN;
        });
        api.get(PREFIX + "schemas", Requires.user("schemas.list", "schema"), (caller, context) -> {
            VolumeAccess.requireSchema(lower(context.request().getParam("catalog_name"), "catalog_name"), null);
            return Map.of("schemas", List.of(DEFAULT));
        });
        api.get(PREFIX + "schemas/:full_name", Requires.user("schemas.get", "schema"), (caller, context) -> {
            String[] names = lower(context.pathParam("full_name"), "full_name").split("\\.", -1);
            if (names.length != 2) {
                throw ApiException.invalid("full_name must be <catalog>.<schema>");
            }
            VolumeAccess.requireSchema(names[0], names[1]);
            return DEFAULT;
        });
    }

    private static String lower(@Nullable String text, String field) {
        return ApiException.require(text, field).toLowerCase(Locale.ROOT);
    }
}
