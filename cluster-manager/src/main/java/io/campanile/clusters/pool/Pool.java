package io.campanile.clusters.pool;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * An instance pool as it is stored; times are milliseconds since the epoch.
 *
 * @param trouble why it has fewer idle nodes than it is to have; null for no such reason
 */
public record Pool(
        String poolId,
        long workspaceId,
        PoolSettings settings,
        long creatorUserId,
        String creatorUserName,
        long createdAt,
        @Nullable Trouble trouble) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_DIGITS = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    public Pool {
        requireNonNull(poolId, "poolId");
        requireNonNull(settings, "settings");
        requireNonNull(creatorUserName, "creatorUserName");
    }

    /**
     * What is in the way of an idle node.
     *
     * @param nodeId the node that failed; null when none could be asked for
     */
    public record Trouble(@Nullable String nodeId, String message) {}

    /** The name and the id, for messages. */
    public String inWords() {
        return "instance pool " + settings.name() + " (" + poolId + ")";
    }

    Pool with(PoolSettings next) {
        return new Pool(poolId, workspaceId, next, creatorUserId, creatorUserName, createdAt, trouble);
    }

    /** Such as {@code 1127-114000-pool-k3jd8s2a}: month, day and time of creation (UTC) and eight random characters. */
    static String newId(Instant now) {
        StringBuilder id = new StringBuilder(TIME.format(now)).append("-pool-");
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            id.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return id.toString();
    }
}
