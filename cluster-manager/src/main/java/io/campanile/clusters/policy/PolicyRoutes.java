package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/policies/clusters} and {@code /api/2.0/policy-families}. */
public final class PolicyRoutes {
    private static final String BASE = "/api/2.0/policies/clusters";
    private static final String FAMILIES = "/api/2.0/policy-families";
    private static final int LARGEST_PAGE = 100;

    private final PolicyService policies;
    private final ClusterSettings clusters;

    public PolicyRoutes(PolicyService policies, ClusterSettings clusters) {
        this.policies = requireNonNull(policies, "policies");
        this.clusters = requireNonNull(clusters, "clusters");
    }

    public void mount(Endpoints api) {
        String resource = "clusterPolicy";
        api.post(
                BASE + "/create",
                Requires.admin("policies.create", resource),
                PolicyBody.class,
                (caller, body) -> Map.of(
                        "policy_id",
                        policies.create(caller, body.settings(ApiException.require(body.name(), "name")))
                                .policyId()));
        api.post(BASE + "/edit", Requires.admin("policies.edit", resource), PolicyBody.class, (caller, body) -> {
            policies.edit(
                    caller,
                    ApiException.require(body.policyId(), "policy_id"),
                    before -> body.settings(
                            body.name() == null ? before.settings().name() : body.name()));
            return Map.of();
        });
        api.post(BASE + "/delete", Requires.admin("policies.delete", resource), DeleteBody.class, (caller, body) -> {
            policies.delete(caller, body.policyId());
            return Map.of();
        });
        api.get(
                BASE + "/get",
                Requires.object("policies.get", resource),
                (caller, context) -> wire(policies.get(caller, named(context))));
        api.get(BASE + "/list", Requires.user("policies.list", resource), this::list);
        api.post(
                "/api/campanile/v1/policies/try",
                Requires.admin("policies.try", resource),
                TrialBody.class,
                (caller, body) -> policies.attempt(caller, body.policy(), body.cluster(), clusters));
        api.get(
                FAMILIES,
                Requires.user("policies.listFamilies", "policyFamily"),
                (caller, context) -> families(context));
        api.get(
                FAMILIES + "/:policy_family_id",
                Requires.user("policies.getFamily", "policyFamily"),
                (caller, context) -> family(context));
    }

    /** Fields of create and of edit. */
    record PolicyBody(
            @Nullable String policyId,
            @Nullable String name,
            @Nullable String description,
            @Nullable String definition,
            @Nullable String policyFamilyId,
            @Nullable String policyFamilyDefinitionOverrides,
            @Nullable JsonNode libraries,
            @Nullable Long maxClustersPerUser) {
        PolicySettings settings(String named) {
            return new PolicySettings(
                    named,
                    description,
                    given(definition),
                    given(policyFamilyId),
                    given(policyFamilyDefinitionOverrides),
                    libraries == null || libraries.isNull() ? null : libraries,
                    maxClustersPerUser);
        }

        /** Clients send an empty text for what they leave out. */
        private static @Nullable String given(@Nullable String text) {
            return text == null || text.isEmpty() ? null : text;
        }
    }

    /** The rules of a policy, as in create, and a request for a cluster. */
    record TrialBody(
            @Nullable String definition,
            @Nullable String policyFamilyId,
            @Nullable String policyFamilyDefinitionOverrides,
            ObjectNode cluster) {
        TrialBody {
            ApiException.require(cluster, "cluster");
        }

        PolicySettings policy() {
            return new PolicyBody(
                            null, null, null, definition, policyFamilyId, policyFamilyDefinitionOverrides, null, null)
                    .settings("trial");
        }
    }

    record DeleteBody(String policyId) {
        DeleteBody {
            ApiException.require(policyId, "policy_id");
        }
    }

    private Object list(Caller caller, RoutingContext context) {
        boolean byName = choice(context, "sort_column", "POLICY_CREATION_TIME", "POLICY_NAME");
        boolean ascending = choice(context, "sort_order", "DESC", "ASC");
        return Map.of(
                "policies",
                policies.list(PolicyQuery.of(caller, byName, ascending)).stream()
                        .map(PolicyRoutes::wire)
                        .toList());
    }

    /** Whether the second of two values is asked for; the first holds where none is. */
    private static boolean choice(RoutingContext context, String parameter, String first, String second) {
        String asked = context.request().getParam(parameter);
        if (asked == null || asked.isEmpty() || asked.equals(first)) {
            return false;
        }
        if (asked.equals(second)) {
            return true;
        }
        throw ApiException.invalid(parameter + " must be " + first + " or " + second + ": " + Words.brief(asked));
    }

    private static Map<String, Object> wire(Policy policy) {
        PolicySettings settings = policy.settings();
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("policy_id", policy.policyId());
        wire.put("name", settings.name());
        put(wire, "description", settings.description());
        wire.put("definition", settings.effective());
        put(wire, "policy_family_id", settings.familyId());
        put(wire, "policy_family_definition_overrides", settings.overrides());
        put(wire, "libraries", settings.libraries());
        put(wire, "max_clusters_per_user", settings.maxClustersPerUser());
        wire.put("creator_user_name", policy.creatorUserName());
        wire.put("created_at_timestamp", policy.createdAt());
        wire.put("is_default", false);
        return wire;
    }

    private static void put(Map<String, Object> wire, String field, @Nullable Object value) {
        if (value != null) {
            wire.put(field, value);
        }
    }

    private static Object families(RoutingContext context) {
        String asked = context.request().getParam("max_results");
        long size = asked == null || asked.isEmpty() ? LARGEST_PAGE : Endpoints.longParam(context, "max_results");
        if (size < 1 || size > LARGEST_PAGE) {
            throw ApiException.invalid("max_results must be between 1 and " + LARGEST_PAGE);
        }
        // The token is the id of the last one of the page before.
        String after = context.request().getParam("page_token");
        List<PolicyFamily> left = PolicyFamily.all().stream()
                .filter(family -> after == null || family.policyFamilyId().compareTo(after) > 0)
                .toList();
        List<PolicyFamily> page = left.stream().limit(size).toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("policy_families", page);
        if (left.size() > page.size()) {
            answer.put("next_page_token", page.get(page.size() - 1).policyFamilyId());
        }
        return answer;
    }

    private static PolicyFamily family(RoutingContext context) {
        PolicyFamily family = PolicyFamily.of(ApiException.require(context.pathParam("policy_family_id"), "id"));
        String version = context.request().getParam("version");
        // There has been one version so far; 0 and nothing ask for the latest.
        if (version != null && !version.isEmpty()) {
            long asked = Endpoints.longParam(context, "version");
            if (asked != 0 && asked != 1) {
                throw ApiException.notFound("Policy family " + family.policyFamilyId() + " has no version " + asked);
            }
        }
        return family;
    }

    private static String named(RoutingContext context) {
        String id = context.request().getParam("policy_id");
        return ApiException.require(id == null || id.isEmpty() ? null : id, "policy_id");
    }
}
