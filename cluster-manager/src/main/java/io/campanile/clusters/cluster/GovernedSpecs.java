package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.ClusterType;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The settings of create and edit, as the policy that they name completes and allows them. */
final class GovernedSpecs {
    private static final String CREATE_ENTITLEMENT = "allow-cluster-create";

    private final PolicyService policies;

    GovernedSpecs(PolicyService policies) {
        this.policies = requireNonNull(policies, "policies");
    }

    /** Whoever is not entitled to clusters of any kind makes them by a policy that he may use. */
    private static void requireRight(Caller caller, ObjectNode body) {
        if (SpecReader.policyId(body) == null
                && !caller.rights().entitled(CREATE_ENTITLEMENT)
                && caller.service() == null) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "You are not authorized to create clusters without a policy. Please contact your administrator.");
        }
    }

    ClusterSpec ofNew(Caller caller, ObjectNode body) {
        requireRight(caller, body);
        return read(caller, body, SpecReader.policyId(body), caller.userName());
    }

    /** A cluster leaves its policy as it could be made without one. */
    ClusterSpec ofEdited(Caller caller, Cluster before, ObjectNode body) {
        if (before.spec().policyId() != null) {
            requireRight(caller, body);
        }
        return read(caller, body, SpecReader.policyId(body), before.owner().userName());
    }

    private ClusterSpec read(Caller caller, ObjectNode body, @Nullable String policyId, String ownerName) {
        ObjectNode settings = policyId == null
                ? body
                : policies.govern(
                        caller, policyId, ClusterType.ALL_PURPOSE, body, whole -> SpecReader.implied(whole, ownerName));
        return new SpecReader(settings).read(ownerName);
    }
}
