package io.campanile.identity.settings;

import static io.campanile.identity.db.Tables.IP_ACCESS_LIST;
import static io.campanile.identity.db.Tables.WORKSPACE_CONF;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.net.AddressPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;

/** All SQL of a workspace's configuration and lists of addresses. */
public final class SettingsStore {
    /** The first number of an advisory lock; the second one is the workspace. */
    private static final int SETTINGS_LOCK = 728_154;

    private final DSLContext db;

    public SettingsStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** One change of a workspace's settings at a time: whether somebody locks themselves out depends on all of them. */
    <T> T changing(long workspaceId, Function<SettingsStore, T> work) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.execute("select pg_advisory_xact_lock({0}, {1})", DSL.val(SETTINGS_LOCK), DSL.val((int) workspaceId));
            return work.apply(new SettingsStore(tx));
        });
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    String conf(long workspaceId, ConfKey key) {
        return db.select(WORKSPACE_CONF.SETTING)
                .from(WORKSPACE_CONF)
                .where(WORKSPACE_CONF.WORKSPACE_ID.eq(workspaceId))
                .and(WORKSPACE_CONF.NAME.eq(key.wire()))
                .fetchOptional(WORKSPACE_CONF.SETTING)
                .orElse(key.otherwise());
    }

    void setConf(long workspaceId, ConfKey key, String value) {
        db.insertInto(WORKSPACE_CONF)
                .set(WORKSPACE_CONF.WORKSPACE_ID, workspaceId)
                .set(WORKSPACE_CONF.NAME, key.wire())
                .set(WORKSPACE_CONF.SETTING, value)
                .onConflict(WORKSPACE_CONF.WORKSPACE_ID, WORKSPACE_CONF.NAME)
                .doUpdate()
                .set(WORKSPACE_CONF.SETTING, value)
                .execute();
    }

    /** False when the label is taken in the workspace. */
    boolean insert(AddressList list) {
        return db.insertInto(IP_ACCESS_LIST)
                        .set(IP_ACCESS_LIST.LIST_ID, list.listId())
                        .set(IP_ACCESS_LIST.WORKSPACE_ID, list.workspaceId())
                        .set(IP_ACCESS_LIST.LABEL, list.label())
                        .set(IP_ACCESS_LIST.LIST_TYPE, list.type().name())
                        .set(IP_ACCESS_LIST.IP_ADDRESSES, JSONB.valueOf(Json.write(list.addresses())))
                        .set(IP_ACCESS_LIST.ENABLED, list.enabled())
                        .set(IP_ACCESS_LIST.CREATED_AT, list.createdAt())
                        .set(IP_ACCESS_LIST.CREATED_BY, list.createdBy())
                        .set(IP_ACCESS_LIST.UPDATED_AT, list.updatedAt())
                        .set(IP_ACCESS_LIST.UPDATED_BY, list.updatedBy())
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** Whether another list of the workspace has the label. */
    boolean labelled(long workspaceId, String label, String otherThan) {
        return db.fetchExists(
                IP_ACCESS_LIST,
                IP_ACCESS_LIST
                        .WORKSPACE_ID
                        .eq(workspaceId)
                        .and(IP_ACCESS_LIST.LABEL.eq(label))
                        .and(IP_ACCESS_LIST.LIST_ID.ne(otherThan)));
    }

    void update(AddressList list) {
        db.update(IP_ACCESS_LIST)
                .set(IP_ACCESS_LIST.LABEL, list.label())
                .set(IP_ACCESS_LIST.LIST_TYPE, list.type().name())
                .set(IP_ACCESS_LIST.IP_ADDRESSES, JSONB.valueOf(Json.write(list.addresses())))
                .set(IP_ACCESS_LIST.ENABLED, list.enabled())
                .set(IP_ACCESS_LIST.UPDATED_AT, list.updatedAt())
                .set(IP_ACCESS_LIST.UPDATED_BY, list.updatedBy())
                .where(IP_ACCESS_LIST.WORKSPACE_ID.eq(list.workspaceId()))
                .and(IP_ACCESS_LIST.LIST_ID.eq(list.listId()))
                .execute();
    }

    /** False when the workspace has no such list. */
    boolean delete(long workspaceId, String listId) {
        return db.deleteFrom(IP_ACCESS_LIST)
                        .where(IP_ACCESS_LIST.WORKSPACE_ID.eq(workspaceId))
                        .and(IP_ACCESS_LIST.LIST_ID.eq(listId))
                        .execute()
                == 1;
    }

    Optional<AddressList> find(long workspaceId, String listId) {
        return select().where(IP_ACCESS_LIST.WORKSPACE_ID.eq(workspaceId))
                .and(IP_ACCESS_LIST.LIST_ID.eq(listId))
                .fetchOptional(SettingsStore::list);
    }

    List<AddressList> list(long workspaceId) {
        return select().where(IP_ACCESS_LIST.WORKSPACE_ID.eq(workspaceId))
                .orderBy(IP_ACCESS_LIST.CREATED_AT, IP_ACCESS_LIST.LIST_ID)
                .fetch(SettingsStore::list);
    }

    /** What counts now: nothing but everywhere where the lists are switched off. */
    AddressPolicy policy(long workspaceId) {
        if (!Boolean.parseBoolean(conf(workspaceId, ConfKey.ENABLE_IP_ACCESS_LISTS))) {
            return AddressPolicy.EVERYWHERE;
        }
        List<String> allow = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (AddressList list : list(workspaceId)) {
            if (list.enabled()) {
                (list.type() == AddressList.Type.ALLOW ? allow : block).addAll(list.addresses());
            }
        }
        return new AddressPolicy(allow, block);
    }

    private SelectJoinStep<? extends Record> select() {
        return db.select(
                        IP_ACCESS_LIST.LIST_ID,
                        IP_ACCESS_LIST.WORKSPACE_ID,
                        IP_ACCESS_LIST.LABEL,
                        IP_ACCESS_LIST.LIST_TYPE,
                        IP_ACCESS_LIST.IP_ADDRESSES,
                        IP_ACCESS_LIST.ENABLED,
                        IP_ACCESS_LIST.CREATED_AT,
                        IP_ACCESS_LIST.CREATED_BY,
                        IP_ACCESS_LIST.UPDATED_AT,
                        IP_ACCESS_LIST.UPDATED_BY)
                .from(IP_ACCESS_LIST);
    }

    private static AddressList list(Record row) {
        return new AddressList(
                row.get(IP_ACCESS_LIST.LIST_ID),
                row.get(IP_ACCESS_LIST.WORKSPACE_ID),
                row.get(IP_ACCESS_LIST.LABEL),
                AddressList.Type.valueOf(row.get(IP_ACCESS_LIST.LIST_TYPE)),
                List.of(Json.read(row.get(IP_ACCESS_LIST.IP_ADDRESSES).data(), String[].class)),
                row.get(IP_ACCESS_LIST.ENABLED),
                row.get(IP_ACCESS_LIST.CREATED_AT),
                row.get(IP_ACCESS_LIST.CREATED_BY),
                row.get(IP_ACCESS_LIST.UPDATED_AT),
                row.get(IP_ACCESS_LIST.UPDATED_BY));
    }
}
