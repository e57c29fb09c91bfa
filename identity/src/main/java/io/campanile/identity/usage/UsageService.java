package io.campanile.identity.usage;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.usage.UsageStore.Holder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who may use tokens and passwords: everybody until an administrator says who, and administrators always. */
public final class UsageService {
    static final String USE = "CAN_USE";
    static final String MANAGE = "CAN_MANAGE";
    private static final String ADMINS = "admins";
    private static final String USERS = "users";

    private final UsageStore store;

    /** Who shall be given what. */
    record Entry(PrincipalKind kind, String name, String level) {}

    public UsageService(UsageStore store) {
        this.store = requireNonNull(store, "store");
    }

    /** Throws when the caller may not use it. */
    public void require(Caller caller, Use use) {
        if (caller.admin() || !store.isSet(caller.workspaceId(), use)) {
            return;
        }
        boolean may = store.holders(caller.workspaceId(), use).stream()
                .anyMatch(holder -> holder.principalId() == caller.userId()
                        || caller.groups().contains(holder.principalId()));
        if (!may) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "You may not use " + use.inWords() + " in this workspace; ask an administrator for CAN_USE");
        }
    }

    List<Holder> get(Caller caller, Use use) {
        return current(store, caller.workspaceId(), use);
    }

    /** {@code keep}: others keep what they have. */
    List<Holder> set(Caller caller, Use use, List<Entry> entries, boolean keep) {
        return store.changing(caller.workspaceId(), use, tx -> {
            Map<Long, Holder> holders = new LinkedHashMap<>();
            if (keep) {
                current(tx, caller.workspaceId(), use).forEach(holder -> holders.put(holder.principalId(), holder));
            }
            for (Entry entry : entries) {
                Holder holder = holder(tx, caller.workspaceId(), entry);
                holders.put(holder.principalId(), holder);
            }
            // Administrators' row also says that somebody has set this, were it the only one.
            Holder admins = holder(tx, caller.workspaceId(), new Entry(PrincipalKind.GROUP, ADMINS, MANAGE));
            holders.put(admins.principalId(), admins);
            List<Holder> all = List.copyOf(holders.values());
            tx.replace(caller.workspaceId(), use, all);
            tx.audit(
                    caller,
                    "authorization/" + use.wire(),
                    Map.of(
                            "holders",
                            all.stream()
                                    .map(holder -> holder.kind() + " " + holder.principalId() + " " + holder.level())
                                    .toList()));
            return current(tx, caller.workspaceId(), use);
        });
    }

    private static List<Holder> current(UsageStore store, long workspaceId, Use use) {
        if (store.isSet(workspaceId, use)) {
            return store.holders(workspaceId, use);
        }
        return List.of(
                holder(store, workspaceId, new Entry(PrincipalKind.GROUP, ADMINS, MANAGE)),
                holder(store, workspaceId, new Entry(PrincipalKind.GROUP, USERS, USE)));
    }

    private static Holder holder(UsageStore store, long workspaceId, Entry entry) {
        if (!entry.level().equals(USE)
                && !(entry.level().equals(MANAGE) && entry.name().equals(ADMINS))) {
            throw ApiException.invalid("permission_level must be CAN_USE; CAN_MANAGE is the administrators' alone");
        }
        long id = store.find(workspaceId, entry.kind(), entry.name())
                .orElseThrow(() -> ApiException.notFound("Principal " + entry.name() + " does not exist"));
        return new Holder(id, entry.kind(), entry.name(), entry.level());
    }
}
