package io.campanile.common.audit;

import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/**
 * Writes the audit log. A change is recorded on the context of the transaction that makes it, so that there is never one
 * without the other. Secrets and contents have no place in {@code details}.
 */
public final class Audit {
    private static final int LONGEST_RESOURCE = 512;

    private Audit() {}

    /**
     * Records a change.
     *
     * @param tx the transaction of the change
     * @param resource what was changed, as {@code kind/id}
     * @param details facts worth knowing later, by name; values become JSON
     */
    public static void record(DSLContext tx, Caller caller, String resource, Map<String, ?> details) {
        write(tx, caller, resource, "DONE", details);
    }

    /** Records that the caller was refused; {@code resource} as the request named it. */
    public static void denied(DSLContext db, Caller caller, String resource, String reason) {
        write(db, caller, resource, "DENIED", Map.of("reason", reason));
    }

    private static void write(DSLContext tx, Caller caller, String resource, String outcome, Map<String, ?> details) {
        tx.insertInto(
                        DSL.table("audit_event"),
                        DSL.field("workspace_id", Long.class),
                        DSL.field("user_id", Long.class),
                        DSL.field("user_name", String.class),
                        DSL.field("via", String.class),
                        DSL.field("action", String.class),
                        DSL.field("resource", String.class),
                        DSL.field("outcome", String.class),
                        DSL.field("request_id", String.class),
                        DSL.field("details", JSONB.class))
                .values(
                        caller.workspaceId(),
                        caller.userId(),
                        caller.userName(),
                        caller.service(),
                        caller.action(),
                        shortened(resource),
                        outcome,
                        caller.requestId(),
                        JSONB.valueOf(Json.write(details)))
                .execute();
    }

    private static String shortened(String resource) {
        return resource.length() <= LONGEST_RESOURCE ? resource : resource.substring(0, LONGEST_RESOURCE);
    }
}
