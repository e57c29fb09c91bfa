package io.campanile.common.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One row of the audit log.
 *
 * @param eventId unique within its service
 * @param atMicros microseconds since the epoch: rows are told apart by no less
 * @param via the service that called on somebody's behalf, if one did
 */
public record AuditEvent(
        String service,
        long eventId,
        long atMicros,
        long userId,
        String userName,
        @Nullable String via,
        String action,
        String resource,
        String outcome,
        String requestId,
        JsonNode details) {
    public AuditEvent {
        requireNonNull(service, "service");
        requireNonNull(userName, "userName");
        requireNonNull(action, "action");
        requireNonNull(resource, "resource");
        requireNonNull(outcome, "outcome");
        requireNonNull(requestId, "requestId");
        requireNonNull(details, "details");
    }

    /** Where it stands among the rows of all services. */
    public AuditPosition position() {
        return new AuditPosition(atMicros, service, eventId);
    }
}
