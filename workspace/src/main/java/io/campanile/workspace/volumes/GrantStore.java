package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.directory.Principal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** What was granted on volumes: rows of the common table of permissions. */
public final class GrantStore {
    static final String VOLUMES = "volume";
    static final Table<Record> ACL = DSL.table("object_acl");
    static final Field<Long> WORKSPACE_ID = DSL.field("object_acl.workspace_id", Long.class);
    static final Field<String> OBJECT_TYPE = DSL.field("object_acl.object_type", String.class);
    static final Field<String> OBJECT_ID = DSL.field("object_acl.object_id", String.class);
    static final Field<Long> PRINCIPAL_ID = DSL.field("object_acl.principal_id", Long.class);
    private static final Field<String> LEVEL = DSL.field("object_acl.level", String.class);

    private final Database database;

    public GrantStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** One principal and how its privileges change. */
    record Change(Principal principal, UnaryOperator<Set<Privilege>> how) {}

    /** Privileges by the id of the principal. */
    Map<Long, Set<Privilege>> of(Volume volume) {
        return grants(database.context(), volume);
    }

    /** What the caller has been granted, alone or through groups. */
    Set<Privilege> of(Caller caller, Volume volume) {
        Set<Privilege> all = EnumSet.noneOf(Privilege.class);
        database.context()
                .select(LEVEL)
                .from(ACL)
                .where(onVolume(volume))
                .and(WORKSPACE_ID.eq(caller.workspaceId()))
                .and(PRINCIPAL_ID.in(VolumeStore.principals(caller)))
                .forEach(row -> all.addAll(Privilege.read(row.value1())));
        return all;
    }

    /** Changes the privileges of some principals, all or none. */
    void change(Caller caller, Volume volume, List<Change> changes) {
        database.transact(tx -> {
            // Whoever changes the same volume waits: what is added to is what was read.
            tx.execute("select pg_advisory_xact_lock(hashtext(?))", volume.volumeId());
            Map<Long, Set<Privilege>> now = grants(tx, volume);
            Map<String, String> details = new LinkedHashMap<>();
            for (Change change : changes) {
                long id = change.principal().principalId();
                Set<Privilege> after = change.how().apply(now.getOrDefault(id, EnumSet.noneOf(Privilege.class)));
                now.put(id, after);
                write(tx, volume, change.principal(), after);
                details.put(change.principal().name(), after.toString());
            }
            Audit.record(tx, caller, "volume/" + volume.fullName(), details);
        });
    }

    private static void write(DSLContext tx, Volume volume, Principal principal, Set<Privilege> privileges) {
        tx.deleteFrom(ACL)
                .where(onVolume(volume))
                .and(PRINCIPAL_ID.eq(principal.principalId()))
                .execute();
        if (privileges.isEmpty()) {
            return;
        }
        tx.execute(
                """
                insert into object_acl (workspace_id, object_type, object_id, principal_id, principal_kind, level)
                values (?, ?, ?, ?, ?, ?)
                """,
                volume.workspaceId(),
                VOLUMES,
                volume.volumeId(),
                principal.principalId(),
                principal.kind().name(),
                Privilege.written(privileges));
    }

    /** All of them, when the volume ends. */
    static void clear(DSLContext tx, Volume volume) {
        tx.deleteFrom(ACL).where(onVolume(volume)).execute();
    }

    private static Map<Long, Set<Privilege>> grants(DSLContext tx, Volume volume) {
        Map<Long, Set<Privilege>> grants = new LinkedHashMap<>();
        tx.select(PRINCIPAL_ID, LEVEL)
                .from(ACL)
                .where(onVolume(volume))
                .orderBy(PRINCIPAL_ID)
                .forEach(row -> grants.put(row.value1(), Privilege.read(row.value2())));
        return grants;
    }

    private static Condition onVolume(Volume volume) {
        return WORKSPACE_ID
                .eq(volume.workspaceId())
                .and(OBJECT_TYPE.eq(VOLUMES))
                .and(OBJECT_ID.eq(volume.volumeId()));
    }
}
