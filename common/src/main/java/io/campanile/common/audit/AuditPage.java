package io.campanile.common.audit;

import java.util.List;

/** The answer of {@code /internal/audit}. */
public record AuditPage(List<AuditEvent> events) {
    public AuditPage {
        events = List.copyOf(events);
    }
}
