package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One element of a definition.
 *
 * @param value what the attribute becomes where it is left out: the fixed value, or the default where one asks for
 *     defaults; null for none
 * @param optional whether the attribute may be left out
 */
record Rule(
        Attribute attribute,
        Constraint constraint,
        @Nullable JsonNode value,
        boolean optional) {
    Rule {
        requireNonNull(attribute, "attribute");
        requireNonNull(constraint, "constraint");
    }

    /** What fills the attribute where it is left out. */
    @Nullable
    JsonNode filling(boolean defaults) {
        if (attribute.pattern() || attribute.path().equals(ClusterType.ATTRIBUTE)) {
            return null;
        }
        boolean always = constraint instanceof Constraint.Fixed && !optional;
        return always || defaults ? value : null;
    }
}
