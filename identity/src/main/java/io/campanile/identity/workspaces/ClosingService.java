package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster manager of deleted workspaces until it says that nothing of them runs any more; and, when their time
 * is over, every service that nothing of them is to be kept.
 */
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
    private final List<WorkspaceKeeper> keepers;
    private final Duration kept;
    private final Clock clock;

    /** {@code kept}: how long after its deletion a workspace's data is kept; {@code keepers} are asked in their order. */
    public ClosingService(
            ClosingStore closings, ClusterClient clusters, List<WorkspaceKeeper> keepers, Duration kept, Clock clock) {
        this.closings = requireNonNull(closings, "closings");
        this.clusters = requireNonNull(clusters, "clusters");
        this.keepers = List.copyOf(keepers);
        this.kept = requireNonNull(kept, "kept");
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
            boolean rests = active == 0 && closing.closedAt().plus(SETTLED).isBefore(clock.instant());
            Instant over = closing.closedAt().plus(kept);
            if (rests && clock.instant().isBefore(over)) {
                LOG.atInfo().addKeyValue("workspaceId", closing.workspaceId()).log("A deleted workspace came to rest");
                closings.again(closing.workspaceId(), over);
            } else if (rests && keepers.stream().allMatch(keeper -> keeper.erase(closing.workspaceId()))) {
                closings.done(closing.workspaceId());
                LOG.atInfo()
                        .addKeyValue("workspaceId", closing.workspaceId())
                        .log("Nothing is left of a deleted workspace");
            } else {
                closings.again(closing.workspaceId(), clock.instant().plus(SOON));
            }
        } catch (ApiException e) {
            LOG.atWarn()
                    .addKeyValue("workspaceId", closing.workspaceId())
                    .addKeyValue("reason", e.getMessage())
                    .log("A service could not be told of a deleted workspace");
            closings.again(closing.workspaceId(), clock.instant().plus(pause(closing.attempts())));
        }
    }

    private static Duration pause(int attempts) {
        Duration pause = SOON.multipliedBy(1L << Math.min(attempts, 5));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
