package io.campanile.clusters.cluster;

import io.campanile.common.errors.ApiException;
import java.util.Map;

/** The {@code custom_tags} of a cluster, as many and as long as the public API lets them be. */
final class CustomTags {
    private static final int MOST = 45;
    private static final int LONGEST_KEY = 127;
    private static final int LONGEST_VALUE = 255;

    private CustomTags() {}

    static void check(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw ApiException.invalid("custom_tags must be at most " + MOST + " tags: these are " + tags.size());
        }
        tags.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > LONGEST_KEY || hasControl(key)) {
                throw ApiException.invalid("custom_tags has a key that is not allowed: keys have 1 to " + LONGEST_KEY
                        + " characters and no control characters");
            }
            if (value.length() > LONGEST_VALUE || hasControl(value)) {
                throw ApiException.invalid("custom_tags." + key + " must have at most " + LONGEST_VALUE
                        + " characters and no control characters");
            }
        });
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
