package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.permissions.Implied;
import io.campanile.common.permissions.PermissionKind;
import io.campanile.common.permissions.PermissionLevel;
import io.campanile.common.permissions.PermissionTargets;
import java.util.List;

/** Policies as the permissions API needs them. Administrators use, change and share all of them. */
public final class PolicyTargets implements PermissionTargets {
    static final String COLLECTION = "cluster-policies";
    static final String USE = "CAN_USE";

    public static final PermissionKind KIND = new PermissionKind(
            "cluster-policy",
            COLLECTION,
            List.of(new PermissionLevel(USE, "Can see the policy and make clusters by it")));

    private final PolicyService policies;

    public PolicyTargets(PolicyService policies) {
        this.policies = requireNonNull(policies, "policies");
    }

    @Override
    public Target find(Caller caller, String policyId) {
        Policy policy = policies.get(caller, policyId);
        return new Target(
                PolicyStore.ref(policy.policyId()),
                List.of(),
                List.of(Implied.admins(USE, "/" + COLLECTION + "/")),
                caller.admin());
    }
}
