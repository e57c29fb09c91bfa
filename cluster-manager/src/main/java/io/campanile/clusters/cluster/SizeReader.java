package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import java.util.Optional;

/** Reads and checks the size of a cluster in the bodies of create, edit and resize. */
final class SizeReader {
    static final String WORKERS = "num_workers";
    static final String AUTOSCALE = "autoscale";
    private static final String MIN = "min_workers";
    private static final String MAX = "max_workers";
    private static final String SINGLE = "is_single_node";

    private final ObjectNode body;
    private final int most;

    /** {@code most}: workers that a cluster may have here. */
    SizeReader(ObjectNode body, int most) {
        this.body = body;
        this.most = most;
    }

    /** Empty when it says nothing of it. */
    Optional<ClusterSize> read() {
        boolean fixed = given(WORKERS);
        boolean scaled = given(AUTOSCALE);
        if (fixed && scaled) {
            throw ApiException.invalid("Only one of num_workers and autoscale can be given");
        }
        if (scaled) {
            return Optional.of(autoscale());
        }
        return fixed ? Optional.of(ClusterSize.fixed(number(body.path(WORKERS), WORKERS, 0, most))) : Optional.empty();
    }

    /** Of a whole specification, which is for a single node when it says nothing of workers. */
    ClusterSize ofSpec() {
        ClusterSize size = read().orElse(ClusterSize.SINGLE_NODE);
        JsonNode single = body.path(SINGLE);
        if (!single.isMissingNode() && !single.isNull()) {
            if (!single.isBoolean()) {
                throw ApiException.invalid("Field is_single_node has a value of a wrong kind");
            }
            if (single.asBoolean() != size.single()) {
                throw ApiException.invalid(
                        single.asBoolean()
                                ? "is_single_node true leaves no room for num_workers or autoscale"
                                : "is_single_node false needs num_workers of 1 or more, or autoscale");
            }
        }
        return size;
    }

    private ClusterSize autoscale() {
        if (!(body.get(AUTOSCALE) instanceof ObjectNode bounds)) {
            throw ApiException.invalid("Field autoscale has a value of a wrong kind");
        }
        int min = number(bounds.path(MIN), AUTOSCALE + "." + MIN, 1, most);
        int max = number(bounds.path(MAX), AUTOSCALE + "." + MAX, 1, most);
        if (max <= min) {
            throw ApiException.invalid("autoscale.max_workers must be greater than autoscale.min_workers");
        }
        return ClusterSize.scaled(min, max);
    }

    private boolean given(String field) {
        return body.hasNonNull(field);
    }

    private static int number(JsonNode value, String field, int least, int most) {
        if (value.isMissingNode() || value.isNull()) {
            throw ApiException.invalid("Missing required field: " + field);
        }
        if (!value.isIntegralNumber()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        if (!value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw ApiException.invalid(
                    field + " must be between " + least + " and " + most + ", not " + value.asText());
        }
        return value.asInt();
    }
}
