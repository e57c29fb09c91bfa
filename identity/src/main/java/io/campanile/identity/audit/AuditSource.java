package io.campanile.identity.audit;

import io.campanile.common.audit.AuditEvent;
import io.campanile.common.audit.AuditPage;
import io.campanile.common.audit.AuditQuery;
import io.campanile.common.audit.AuditStore;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import java.util.List;

/** One service's part of the log. Blocking. */
public interface AuditSource {
    /** The newest rows of the caller's workspace that match, the newest first. */
    List<AuditEvent> find(Caller caller, AuditQuery query);

    /** The log of this service. */
    static AuditSource own(AuditStore log) {
        return (caller, query) -> log.find(caller.workspaceId(), query);
    }

    /** The log of another service; its outage is the caller's, as a part of the log is not the log. */
    static AuditSource of(InternalClient service) {
        return (caller, query) -> service.get(
                        caller.via("identity"), "/internal/audit?" + query.queryString(), AuditPage.class)
                .events();
    }
}
