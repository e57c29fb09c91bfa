package io.campanile.common.audit;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;

/** What identity asks every service to show administrators the whole log. */
public final class InternalAuditRoutes {
    private final AuditStore log;

    public InternalAuditRoutes(AuditStore log) {
        this.log = requireNonNull(log, "log");
    }

    public void mount(Endpoints api) {
        api.get(
                "/internal/audit",
                Requires.service("audit.read", "audit"),
                (caller, context) -> new AuditPage(log.find(
                        caller.workspaceId(),
                        AuditQuery.read(context.request().params(), "before", "limit", AuditQuery.MOST))));
    }
}
