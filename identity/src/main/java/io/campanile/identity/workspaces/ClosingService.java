package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the cluster manager of deleted workspaces until it says that nothing of them runs any more. */
public final class ClosingService {
    private static final Logger LOG = LoggerFactory.getLogger(ClosingService.class);
    private static final int AT_ONCE = 10;
    /** Longer than a call can take: another process may not take over before. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** A request let in just before the deletion may still make a cluster; credentials are believed for 3 s. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final ClosingStore closings;
    private final ClusterClient clusters;
    private final Clock clock;

    public ClosingService(ClosingStore closings, ClusterClient clusters, Clock clock) {
        this.closings = requireNonNull(closings, "closings");
        this.clusters = requireNonNull(clusters, "clusters");
        this.clock = requireNonNull(clock, "clock");
    }

    /** One round; called again and again. */
    public void run() {
        Instant now = clock.instant();
        for (ClosingStore.Closing closing : closings.claim(now, now.plus(CLAIM), AT_ONCE)) {
            run(closing);
        }
    }

    private void run(ClosingStore.Closing closing) {
        try {
            int active = clusters.closeWorkspace(closing.workspaceId());
            if (active == 0 && closing.closedAt().plus(SETTLED).isBefore(clock.instant())) {
                closings.done(closing.workspaceId());
                LOG.atInfo().addKeyValue("workspaceId", closing.workspaceId()).log("A deleted workspace came to rest");
                return;
            }
            closings.again(closing.workspaceId(), clock.instant().plus(SOON));
        } catch (ApiException e) {
            LOG.atWarn()
                    .addKeyValue("workspaceId", closing.workspaceId())
                    .addKeyValue("reason", e.getMessage())
                    .log("The cluster manager could not be told of a deleted workspace");
            closings.again(closing.workspaceId(), clock.instant().plus(pause(closing.attempts())));
        }
    }

    private static Duration pause(int attempts) {
        Duration pause = SOON.multipliedBy(1L << Math.min(attempts, 5));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
