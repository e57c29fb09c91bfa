package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one decision on who may do what with a path: volumes have owners and grants, the rest is the workspace's. */
public final class VolumeAccess {
    /** Catalog, schema and volume, below the folder of volumes. */
    private static final int VOLUME_DEPTH = 4;

    private final VolumeStore volumes;
    private final GrantStore grants;

    public VolumeAccess(VolumeStore volumes, GrantStore grants) {
        this.volumes = requireNonNull(volumes, "volumes");
        this.grants = requireNonNull(grants, "grants");
    }

    /** The path with the folder, catalog, schema and volume named as they are kept: they are the same in any case. */
    public static BlobPath canonical(BlobPath path) {
        if (!path.isInVolumes()) {
            return path;
        }
        List<String> names = new ArrayList<>(path.segments());
        names.set(0, BlobPath.VOLUMES);
        for (int i = 1; i < Math.min(VOLUME_DEPTH, names.size()); i++) {
            names.set(i, names.get(i).toLowerCase(Locale.ROOT));
        }
        return new BlobPath(names);
    }

    /** Whether this is above all volumes: a folder that is there, which nobody writes into. */
    public static boolean isAbove(BlobPath path) {
        return path.isInVolumes() && path.depth() < VOLUME_DEPTH;
    }

    /** Whether this is the folder of a volume itself. */
    public static boolean isVolume(BlobPath path) {
        return path.isInVolumes() && path.depth() == VOLUME_DEPTH;
    }

    /** Refuses a path whose catalog, schema or volume does not exist, or on which the caller has not the privilege. */
    public void require(Caller caller, BlobPath path, Privilege privilege) {
        if (!path.isInVolumes()) {
            return;
        }
        if (path.depth() > 1) {
            requireSchema(
                    path.segments().get(1), path.depth() > 2 ? path.segments().get(2) : null);
        }
        if (isAbove(path)) {
            if (privilege != Privilege.READ_VOLUME) {
                throw ApiException.invalid("Nothing can be changed at " + path + ": files are kept in volumes, "
                        + "/Volumes/<catalog>/<schema>/<volume>/...");
            }
            return;
        }
        require(caller, named(caller, path.segments().get(3)), privilege);
    }

    /** Refuses what does not exist in this workspace: there is one catalog with one schema. */
    static void requireSchema(String catalog, @Nullable String schema) {
        if (!catalog.equals(Volume.CATALOG)) {
            throw ApiException.notFound("Catalog '" + catalog + "' does not exist.");
        }
        if (schema != null && !schema.equals(Volume.SCHEMA)) {
            throw ApiException.notFound("Schema '" + catalog + "." + schema + "' does not exist.");
        }
    }

    Volume named(Caller caller, String name) {
        return volumes.find(caller.workspaceId(), name)
                .filter(volume -> volume.state() != Volume.State.DELETING)
                .orElseThrow(() -> ApiException.notFound(
                        "Volume '" + Volume.CATALOG + "." + Volume.SCHEMA + "." + name + "' does not exist."));
    }

    void require(Caller caller, Volume volume, Privilege privilege) {
        if (!mayAnything(caller, volume) && !privilege.isIn(grants.of(caller, volume))) {
            throw denied(volume, privilege.name());
        }
    }

    /** For what everybody may see who has been granted anything. */
    void requireAny(Caller caller, Volume volume) {
        if (!mayAnything(caller, volume) && grants.of(caller, volume).isEmpty()) {
            throw denied(volume, "any privilege");
        }
    }

    private static boolean mayAnything(Caller caller, Volume volume) {
        Set<Long> groups = caller.groups();
        return caller.admin() || volume.ownerId() == caller.userId() || groups.contains(volume.ownerId());
    }

    private static ApiException denied(Volume volume, String what) {
        return new ApiException(
                ErrorCode.PERMISSION_DENIED, "User does not have " + what + " on Volume '" + volume.fullName() + "'.");
    }
}
