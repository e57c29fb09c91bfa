package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of cluster policies: who may change and who may use them. Blocking; knows neither HTTP nor SQL. */
public final class PolicyService {
    /** In a request for a cluster: whether defaults fill what it leaves out. */
    private static final String DEFAULTS = "apply_policy_default_values";

    private final PolicyStore policies;
    private final Clock clock;

    public PolicyService(PolicyStore policies, Clock clock) {
        this.policies = requireNonNull(policies, "policies");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Changes are the administrators' alone: their routes say so. */
    Policy create(Caller caller, PolicySettings settings) {
        Policy policy = new Policy(
                Policy.newId(),
                caller.workspaceId(),
                settings.checked(),
                caller.userId(),
                caller.userName(),
                clock.millis());
        if (!policies.insert(policy, caller)) {
            throw nameTaken(settings);
        }
        return policy;
    }

    /** Replaces all settings but the name, which stays where none is given. Clusters see it when they are edited. */
    void edit(Caller caller, String policyId, Function<Policy, PolicySettings> settings) {
        Policy before = find(caller.workspaceId(), policyId);
        Policy after = before.with(
                settings.apply(before).withoutEchoOf(before.settings()).checked());
        switch (policies.update(after, caller)) {
            case DONE -> {}
            case NAME_TAKEN -> throw nameTaken(after.settings());
            case GONE -> throw doesNotExist(policyId);
        }
    }

    /** Clusters made by it stay as they are and go on. */
    void delete(Caller caller, String policyId) {
        if (!policies.delete(find(caller.workspaceId(), policyId), caller)) {
            throw doesNotExist(policyId);
        }
    }

    Policy get(Caller caller, String policyId) {
        Policy policy = find(caller.workspaceId(), policyId);
        requireUse(caller, policy);
        return policy;
    }

    /** Those the caller may use. */
    List<Policy> list(PolicyQuery query) {
        return policies.list(query);
    }

    /**
     * The settings of a cluster as a policy completes and allows them. Every path that makes or changes the settings of
     * a cluster comes by here when they name a policy.
     *
     * @param body the settings as they were sent
     * @param implied what attributes are that completed settings leave out
     */
    public ObjectNode govern(
            Caller caller,
            String policyId,
            ClusterType type,
            ObjectNode body,
            Function<ObjectNode, Map<String, String>> implied) {
        // Clusters answer so of what their settings name and is not there.
        Policy policy = policies.find(caller.workspaceId(), policyId)
                .orElseThrow(() -> ApiException.invalid("policy_id: cluster policy " + Words.brief(policyId)
                        + " does not exist (any more); name another one"));
        requireUse(caller, policy);
        Enforcement enforcement = new Enforcement(policy.settings().rules());
        ObjectNode whole = enforcement.complete(body, defaults(body));
        Map<String, String> left = new LinkedHashMap<>(implied.apply(whole));
        left.put(ClusterType.ATTRIBUTE, type.wire());
        List<String> violations = enforcement.violations(whole, left);
        if (!violations.isEmpty()) {
            throw ApiException.invalid("Cluster validation error by policy "
                    + policy.settings().name() + " (" + policyId + "): " + Words.problems(violations));
        }
        return whole;
    }

    /** Tries a policy that need not be there on a request for a cluster; answers what {@link #govern} would do. */
    PolicyTrial attempt(Caller caller, PolicySettings policy, ObjectNode body, ClusterSettings clusters) {
        Enforcement enforcement = new Enforcement(policy.checked().rules());
        boolean defaults = defaults(body);
        ObjectNode whole = enforcement.complete(body, defaults);
        Map<String, String> left = new LinkedHashMap<>(clusters.implied(whole, caller.userName()));
        left.put(ClusterType.ATTRIBUTE, ClusterType.ALL_PURPOSE.wire());
        List<String> refusals = enforcement.violations(whole, left);
        String problem = null;
        try {
            clusters.check(whole, caller.userName());
        } catch (ApiException e) {
            problem = e.getMessage();
        }
        return new PolicyTrial(
                refusals.isEmpty() && problem == null, whole, enforcement.filled(body, defaults), refusals, problem);
    }

    public boolean exists(long workspaceId, String policyId) {
        return policies.find(workspaceId, policyId).isPresent();
    }

    private static boolean defaults(ObjectNode body) {
        JsonNode asked = body.get(DEFAULTS);
        if (asked == null || asked.isNull()) {
            return false;
        }
        if (!asked.isBoolean()) {
            throw ApiException.invalid("Field " + DEFAULTS + " has a value of a wrong kind");
        }
        return asked.asBoolean();
    }

    /** Another tenant's does not exist. */
    Policy find(long workspaceId, @Nullable String policyId) {
        String id = ApiException.require(policyId, "policy_id");
        return policies.find(workspaceId, id).orElseThrow(() -> doesNotExist(id));
    }

    void requireUse(Caller caller, Policy policy) {
        if (!mayUse(caller, policy.policyId())) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    caller.userName() + " does not have " + PolicyTargets.USE + " on cluster policy "
                            + policy.policyId() + ". Please contact an administrator.");
        }
    }

    private boolean mayUse(Caller caller, String policyId) {
        return caller.admin() || policies.given(caller, policyId);
    }

    private static ApiException nameTaken(PolicySettings settings) {
        return new ApiException(
                ErrorCode.RESOURCE_ALREADY_EXISTS,
                "A cluster policy with the name " + settings.name() + " already exists");
    }

    private static ApiException doesNotExist(String policyId) {
        return ApiException.notFound("Cluster policy " + Words.brief(policyId) + " does not exist");
    }
}
