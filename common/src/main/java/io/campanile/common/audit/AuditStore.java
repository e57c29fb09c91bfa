package io.campanile.common.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL that reads one service's audit log. Every statement names the workspace. */
public final class AuditStore {
    private static final Field<Long> WORKSPACE_ID = DSL.field(DSL.name("workspace_id"), Long.class);
    private static final Field<Long> EVENT_ID = DSL.field(DSL.name("event_id"), Long.class);
    private static final Field<OffsetDateTime> AT = DSL.field(DSL.name("at"), OffsetDateTime.class);
    private static final Field<Long> USER_ID = DSL.field(DSL.name("user_id"), Long.class);
    private static final Field<String> USER_NAME = DSL.field(DSL.name("user_name"), String.class);
    private static final Field<String> VIA = DSL.field(DSL.name("via"), String.class);
    private static final Field<String> ACTION = DSL.field(DSL.name("action"), String.class);
    private static final Field<String> RESOURCE = DSL.field(DSL.name("resource"), String.class);
    private static final Field<String> OUTCOME = DSL.field(DSL.name("outcome"), String.class);
    private static final Field<String> REQUEST_ID = DSL.field(DSL.name("request_id"), String.class);
    private static final Field<JSONB> DETAILS = DSL.field(DSL.name("details"), JSONB.class);

    private final Database database;
    private final String service;

    public AuditStore(Database database, String service) {
        this.database = requireNonNull(database, "database");
        this.service = requireNonNull(service, "service");
    }

    /** The newest rows that match, the newest first. */
    public List<AuditEvent> find(long workspaceId, AuditQuery query) {
        return database.context()
                .select(EVENT_ID, AT, USER_ID, USER_NAME, VIA, ACTION, RESOURCE, OUTCOME, REQUEST_ID, DETAILS)
                .from(DSL.table(DSL.name("audit_event")))
                .where(WORKSPACE_ID.eq(workspaceId))
                .and(matches(query))
                .and(before(query.before()))
                .orderBy(AT.desc(), EVENT_ID.desc())
                .limit(query.limit())
                .fetch(row -> new AuditEvent(
                        service,
                        row.get(EVENT_ID),
                        ChronoUnit.MICROS.between(Instant.EPOCH, row.get(AT).toInstant()),
                        row.get(USER_ID),
                        row.get(USER_NAME),
                        row.get(VIA),
                        row.get(ACTION),
                        row.get(RESOURCE),
                        row.get(OUTCOME),
                        row.get(REQUEST_ID),
                        Json.read(row.get(DETAILS).data(), JsonNode.class)));
    }

    private static Condition matches(AuditQuery query) {
        Condition wanted = DSL.noCondition();
        String user = query.user();
        if (user != null) {
            wanted = wanted.and(user.matches("\\d{1,18}") ? USER_ID.eq(Long.valueOf(user)) : USER_NAME.eq(user));
        }
        if (query.action() != null) {
            wanted = wanted.and(ACTION.startsWith(query.action()));
        }
        if (query.outcome() != null) {
            wanted = wanted.and(OUTCOME.eq(query.outcome()));
        }
        if (query.resource() != null) {
            wanted = wanted.and(RESOURCE.eq(query.resource()));
        }
        if (query.from() != null) {
            wanted = wanted.and(AT.ge(time(Instant.ofEpochMilli(query.from()))));
        }
        if (query.to() != null) {
            wanted = wanted.and(AT.lt(time(Instant.ofEpochMilli(query.to()))));
        }
        return wanted;
    }

    /** Rows of one moment are in the order of their services: what is left of that moment depends on the name. */
    private Condition before(@Nullable AuditPosition place) {
        if (place == null) {
            return DSL.noCondition();
        }
        OffsetDateTime at = time(Instant.EPOCH.plus(place.atMicros(), ChronoUnit.MICROS));
        int order = service.compareTo(place.service());
        if (order == 0) {
            return DSL.row(AT, EVENT_ID).lt(DSL.row(at, place.eventId()));
        }
        return order < 0 ? AT.le(at) : AT.lt(at);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
