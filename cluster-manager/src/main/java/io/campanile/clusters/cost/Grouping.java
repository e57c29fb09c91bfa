package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what usage is added up.
 *
 * @param tagKey the tag whose values are told apart; null unless {@code by} is {@link By#TAG}
 */
record Grouping(By by, @Nullable String tagKey) {
    /** What rows can have in common. */
    enum By {
        DAY,
        CLUSTER,
        USER,
        TAG,
        NODE_TYPE;

        String onTheWire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    Grouping {
        requireNonNull(by, "by");
        if (by == By.TAG && (tagKey == null || tagKey.isEmpty())) {
            throw ApiException.invalid("tag must name the tag to group by");
        }
    }

    static Grouping of(@Nullable String by, @Nullable String tagKey) {
        if (by == null || by.isEmpty()) {
            return new Grouping(By.DAY, null);
        }
        for (By known : By.values()) {
            if (known.onTheWire().equals(by)) {
                return new Grouping(known, known == By.TAG ? tagKey : null);
            }
        }
        throw ApiException.invalid("group_by must be day, cluster, user, tag or node_type");
    }

    /** What tells a group from the others; names are for people. A cluster that was renamed is still one. */
    record Key(String id, String name, String currency) {}

    Key of(UsageRow row) {
        UsageRow.Of of = row.of();
        return switch (by) {
            case DAY -> key(Long.toString(row.hourAt() - Math.floorMod(row.hourAt(), UsageHours.DAY)), row);
            case CLUSTER -> new Key(of.clusterId(), of.clusterName(), row.currency());
            case USER -> new Key(Long.toString(of.ownerUserId()), of.ownerUserName(), row.currency());
            case TAG -> key(value(of.tags()), row);
            case NODE_TYPE -> key(row.nodeTypeId(), row);
        };
    }

    private String value(Map<String, String> tags) {
        return tags.getOrDefault(requireNonNull(tagKey, "tagKey"), "");
    }

    private static Key key(String text, UsageRow row) {
        return new Key(text, text, row.currency());
    }
}
