package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.permissions.PermissionLevel;
import java.util.List;

/** The wire shape of {@code /api/campanile/v1/objects/{id}/permissions}: what a share dialog shows. */
public final class SharingRoutes {
    private final SharingService sharing;

    public SharingRoutes(SharingService sharing) {
        this.sharing = requireNonNull(sharing, "sharing");
    }

    public void mount(Endpoints api) {
        api.get(
                "/api/campanile/v1/objects/:id/permissions",
                Requires.object("permissions.effective", "object"),
                (caller, context) -> answer(caller, Endpoints.longParam(context, "id")));
    }

    private Answer answer(Caller caller, long objectId) {
        SharingService.Effective effective = sharing.effective(caller, objectId);
        WorkspaceObject object = effective.object().object();
        return new Answer(
                objectId,
                object.type(),
                effective.object().path().toString(),
                ObjectStore.ref(object).toString(),
                effective.yours(),
                effective.yours().includes(Permission.CAN_MANAGE),
                WorkspaceTargets.LEVELS,
                effective.holders());
    }

    /** {@code permissionsId}: what the permissions API calls the object. */
    record Answer(
            long objectId,
            ObjectType objectType,
            String path,
            String permissionsId,
            Permission permission,
            boolean canManage,
            List<PermissionLevel> permissionLevels,
            List<SharingService.Holder> holders) {}
}
