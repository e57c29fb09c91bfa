package io.campanile.identity.usage;

import static java.util.Objects.requireNonNull;

import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.usage.UsageService.Entry;
import io.campanile.identity.usage.UsageStore.Holder;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/permissions/authorization/tokens} and {@code .../passwords}. */
public final class UsageRoutes {
    private final UsageService usage;

    public UsageRoutes(UsageService usage) {
        this.usage = requireNonNull(usage, "usage");
    }

    public void mount(Endpoints api) {
        for (Use use : Use.values()) {
            mount(api, use);
        }
    }

    private void mount(Endpoints api, Use use) {
        String path = "/api/2.0/permissions/authorization/" + use.wire();
        Requires get = Requires.admin("identity.token-permission.get", "authorization");
        Requires set = Requires.admin("identity.token-permission.set", "authorization");
        api.get(
                path + "/permissionLevels",
                get,
                (caller, context) -> Map.of(
                        "permission_levels",
                        List.of(
                                new Level(UsageService.USE, "Can use " + use.inWords()),
                                new Level(UsageService.MANAGE, "Can say who may use " + use.inWords()))));
        api.get(path, get, (caller, context) -> Answer.of(use, usage.get(caller, use)));
        api.handle(HttpMethod.PUT, path, set, (caller, context) -> {
            List<Entry> entries = Endpoints.readBody(context, Body.class).entries();
            return Answer.of(use, usage.set(caller, use, entries, false));
        });
        api.handle(HttpMethod.PATCH, path, set, (caller, context) -> {
            List<Entry> entries = Endpoints.readBody(context, Body.class).entries();
            return Answer.of(use, usage.set(caller, use, entries, true));
        });
    }

    record Level(String permissionLevel, String description) {}

    record Body(@Nullable List<Access> accessControlList) {
        List<Entry> entries() {
            List<Entry> entries = new ArrayList<>();
            if (accessControlList != null) {
                for (Access access : accessControlList) {
                    entries.add(ApiException.require(access, "access_control_list[]")
                            .entry());
                }
            }
            return entries;
        }
    }

    record Access(
            @Nullable String userName,
            @Nullable String groupName,
            @Nullable String servicePrincipalName,
            @Nullable String permissionLevel) {
        Entry entry() {
            String level = ApiException.require(permissionLevel, "permission_level");
            List<Entry> named = new ArrayList<>();
            if (userName != null) {
                named.add(new Entry(PrincipalKind.USER, userName, level));
            }
            if (groupName != null) {
                named.add(new Entry(PrincipalKind.GROUP, groupName, level));
            }
            if (servicePrincipalName != null) {
                named.add(new Entry(PrincipalKind.SERVICE_PRINCIPAL, servicePrincipalName, level));
            }
            if (named.size() != 1) {
                throw ApiException.invalid(
                        "access_control_list: an entry has one of user_name, group_name and service_principal_name");
            }
            return named.get(0);
        }
    }

    record Permission(String permissionLevel, boolean inherited) {}

    record Held(
            @Nullable String userName,
            @Nullable String groupName,
            @Nullable String servicePrincipalName,
            List<Permission> allPermissions) {
        static Held of(Holder holder) {
            return new Held(
                    holder.kind() == PrincipalKind.USER ? holder.name() : null,
                    holder.kind() == PrincipalKind.GROUP ? holder.name() : null,
                    holder.kind() == PrincipalKind.SERVICE_PRINCIPAL ? holder.name() : null,
                    List.of(new Permission(holder.level(), false)));
        }
    }

    record Answer(String objectId, String objectType, List<Held> accessControlList) {
        static Answer of(Use use, List<Holder> holders) {
            return new Answer(
                    "authorization/" + use.wire(),
                    use.wire(),
                    holders.stream().map(Held::of).toList());
        }
    }
}
