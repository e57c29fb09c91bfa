package io.campanile.identity.principals;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static java.util.Objects.requireNonNull;

import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Finds principals. Names are compared without case, as they are unique without it. */
public final class PrincipalStore {
    private final DSLContext db;

    public PrincipalStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** Those of a workspace that bear one of the names or ids, ordered by id. */
    List<Principal> find(long workspaceId, Collection<Principal.Name> names, Collection<Long> ids) {
        List<Principal> found = new ArrayList<>(accounts(workspaceId, names, ids));
        found.addAll(groups(workspaceId, names, ids));
        found.sort(java.util.Comparator.comparingLong(Principal::principalId));
        return found;
    }

    private List<Principal> accounts(long workspaceId, Collection<Principal.Name> names, Collection<Long> ids) {
        Condition wanted = ACCOUNT.USER_ID.in(ids);
        for (PrincipalKind kind : List.of(PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL)) {
            wanted = wanted.or(ACCOUNT.KIND.eq(kind.name()).and(ACCOUNT.LOGIN_NAME.in(lowered(names, kind))));
        }
        return db.select(ACCOUNT.USER_ID, ACCOUNT.KIND, ACCOUNT.USER_NAME, ACCOUNT.DISPLAY_NAME, ACCOUNT.ACTIVE)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(wanted)
                .fetch(row -> new Principal(
                        row.value1(), PrincipalKind.valueOf(row.value2()), row.value3(), row.value4(), row.value5()));
    }

    private List<Principal> groups(long workspaceId, Collection<Principal.Name> names, Collection<Long> ids) {
        return db.select(USER_GROUP.GROUP_ID, USER_GROUP.NAME)
                .from(USER_GROUP)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(USER_GROUP.GROUP_ID.in(ids).or(DSL.lower(USER_GROUP.NAME).in(lowered(names, PrincipalKind.GROUP))))
                .fetch(row -> new Principal(row.value1(), PrincipalKind.GROUP, row.value2(), row.value2(), true));
    }

    private static List<String> lowered(Collection<Principal.Name> names, PrincipalKind kind) {
        return names.stream()
                .filter(name -> name.kind() == kind)
                .map(name -> name.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
