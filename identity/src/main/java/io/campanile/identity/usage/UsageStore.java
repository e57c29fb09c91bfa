package io.campanile.identity.usage;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** All SQL of who may use what. An object without rows was never set. */
public final class UsageStore {
    private static final Table<Record> ACL = DSL.table(DSL.name("object_acl"));
    private static final Field<Long> WORKSPACE = column("workspace_id", Long.class);
    private static final Field<String> TYPE = column("object_type", String.class);
    private static final Field<String> OBJECT = column("object_id", String.class);
    private static final Field<Long> PRINCIPAL = column("principal_id", Long.class);
    private static final Field<String> KIND = column("principal_kind", String.class);
    private static final Field<String> LEVEL = column("level", String.class);
    private static final String AUTHORIZATION = "authorization";

    private final DSLContext db;

    public UsageStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** Somebody who may; {@code name} as the public API calls them. */
    record Holder(long principalId, PrincipalKind kind, String name, String level) {}

    /** One change of a workspace's list at a time. */
    <T> T changing(long workspaceId, Use use, Function<UsageStore, T> work) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.execute(
                    "select pg_advisory_xact_lock(hashtext({0}), {1})",
                    DSL.val("usage of " + use.wire()), DSL.val((int) workspaceId));
            return work.apply(new UsageStore(tx));
        });
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    List<Holder> holders(long workspaceId, Use use) {
        return db
                .select(PRINCIPAL, KIND, DSL.coalesce(ACCOUNT.USER_NAME, USER_GROUP.NAME), LEVEL)
                .from(ACL)
                .leftJoin(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(WORKSPACE))
                .and(ACCOUNT.USER_ID.eq(PRINCIPAL))
                .leftJoin(USER_GROUP)
                .on(USER_GROUP.WORKSPACE_ID.eq(WORKSPACE))
                .and(USER_GROUP.GROUP_ID.eq(PRINCIPAL))
                .where(of(workspaceId, use))
                .orderBy(PRINCIPAL)
                .fetch(row -> new Holder(
                        row.value1(),
                        PrincipalKind.valueOf(row.value2()),
                        // Deleted since: the row gives nobody anything, and the next change leaves it out.
                        row.value3() == null ? "" : row.value3(),
                        row.value4()))
                .stream()
                .filter(holder -> !holder.name().isEmpty())
                .toList();
    }

    /** Whether anybody has ever said who may. */
    boolean isSet(long workspaceId, Use use) {
        return db.fetchExists(ACL, of(workspaceId, use));
    }

    void replace(long workspaceId, Use use, List<Holder> holders) {
        db.deleteFrom(ACL).where(of(workspaceId, use)).execute();
        for (Holder holder : holders) {
            db.insertInto(ACL, WORKSPACE, TYPE, OBJECT, PRINCIPAL, KIND, LEVEL)
                    .values(
                            workspaceId,
                            AUTHORIZATION,
                            use.wire(),
                            holder.principalId(),
                            holder.kind().name(),
                            holder.level())
                    .execute();
        }
    }

    Optional<Long> find(long workspaceId, PrincipalKind kind, String name) {
        if (kind == PrincipalKind.GROUP) {
            return db.select(USER_GROUP.GROUP_ID)
                    .from(USER_GROUP)
                    .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                    .and(USER_GROUP.NAME.equalIgnoreCase(name))
                    .fetchOptional(USER_GROUP.GROUP_ID);
        }
        return db.select(ACCOUNT.USER_ID)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.LOGIN_NAME.eq(name.toLowerCase(Locale.ROOT)))
                .and(ACCOUNT.KIND.eq(kind.name()))
                .fetchOptional(ACCOUNT.USER_ID);
    }

    private static <T> Field<T> column(String name, Class<T> type) {
        return DSL.field(DSL.name("object_acl", name), type);
    }

    private static Condition of(long workspaceId, Use use) {
        return WORKSPACE.eq(workspaceId).and(TYPE.eq(AUTHORIZATION)).and(OBJECT.eq(use.wire()));
    }
}
