package io.campanile.common.net;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From where a workspace may be used: from nowhere that is blocked and, where anything is allowed by name, only from
 * there. Without entries from everywhere.
 */
public record AddressPolicy(List<String> allow, List<String> block) {
    public static final AddressPolicy EVERYWHERE = new AddressPolicy(List.of(), List.of());

    public AddressPolicy {
        allow = listed(allow);
        block = listed(block);
    }

    public boolean permits(String address) {
        return !among(block, address) && (allow.isEmpty() || among(allow, address));
    }

    private static boolean among(List<String> ranges, String address) {
        return ranges.stream()
                .anyMatch(range -> AddressRange.parse(range)
                        .filter(parsed -> parsed.holds(address))
                        .isPresent());
    }

    private static List<String> listed(@Nullable List<String> ranges) {
        return ranges == null ? List.of() : List.copyOf(ranges);
    }
}
