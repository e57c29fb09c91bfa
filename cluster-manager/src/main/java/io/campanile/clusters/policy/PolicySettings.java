package io.campanile.clusters.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is set of a policy, as it was given.
 *
 * @param definition null where a family and what it overrides stand in its place
 */
record PolicySettings(
        String name,
        @Nullable String description,
        @Nullable String definition,
        @Nullable String familyId,
        @Nullable String overrides,
        @Nullable JsonNode libraries,
        @Nullable Long maxClustersPerUser) {
    private static final int NAME_LIMIT = 100;
    private static final int DESCRIPTION_LIMIT = 1_000;
    private static final int LIBRARIES_LIMIT = 200_000;
    private static final long MOST_CLUSTERS = 1_000_000;
    private static final String DEFINITION = "definition";
    private static final String OVERRIDES = "policy_family_definition_overrides";

    /** The settings of a request, checked; 400 names the field. */
    PolicySettings checked() {
        if (name.isBlank() || name.length() > NAME_LIMIT || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(
                    "name must have 1 to " + NAME_LIMIT + " characters, none of them a control character");
        }
        if (description != null && description.length() > DESCRIPTION_LIMIT) {
            throw ApiException.invalid("description must have at most " + DESCRIPTION_LIMIT + " characters");
        }
        if (maxClustersPerUser != null && (maxClustersPerUser < 1 || maxClustersPerUser > MOST_CLUSTERS)) {
            throw ApiException.invalid("max_clusters_per_user must be between 1 and " + MOST_CLUSTERS);
        }
        if (libraries != null) {
            Libraries.check(libraries);
            if (libraries.toString().length() > LIBRARIES_LIMIT) {
                throw ApiException.invalid("libraries must have at most " + LIBRARIES_LIMIT + " characters in all");
            }
        }
        checkDefinition();
        return this;
    }

    /** Clients of a policy by family send back the definition that they read; it is no wish of theirs. */
    PolicySettings withoutEchoOf(PolicySettings before) {
        boolean echo = familyId != null
                && definition != null
                && PolicyDefinition.parse(DEFINITION, definition)
                        .equals(PolicyDefinition.parse(DEFINITION, before.effective()));
        return echo
                ? new PolicySettings(name, description, null, familyId, overrides, libraries, maxClustersPerUser)
                : this;
    }

    private void checkDefinition() {
        if (familyId == null) {
            if (overrides != null) {
                throw ApiException.invalid(OVERRIDES + " needs policy_family_id");
            }
            PolicyDefinition.of(DEFINITION, ApiException.require(definition, DEFINITION));
            return;
        }
        if (definition != null) {
            throw ApiException.invalid(
                    "definition cannot stand beside policy_family_id: give what differs in " + OVERRIDES);
        }
        if (PolicyFamily.all().stream()
                .noneMatch(family -> family.policyFamilyId().equals(familyId))) {
            throw ApiException.invalid("policy_family_id: there is no family " + Words.brief(familyId));
        }
        if (overrides != null) {
            PolicyDefinition.of(OVERRIDES, overrides);
        }
        rules();
    }

    /** The definition as it holds: of a family with some of its rules replaced. */
    String effective() {
        return definition == null ? Json.write(merged()) : definition;
    }

    PolicyDefinition rules() {
        return definition == null
                ? PolicyDefinition.read(DEFINITION, merged())
                : PolicyDefinition.of(DEFINITION, definition);
    }

    private ObjectNode merged() {
        ObjectNode whole = PolicyDefinition.parse(
                DEFINITION, PolicyFamily.of(String.valueOf(familyId)).definition());
        return overrides == null ? whole : whole.setAll(PolicyDefinition.parse(OVERRIDES, overrides));
    }
}
