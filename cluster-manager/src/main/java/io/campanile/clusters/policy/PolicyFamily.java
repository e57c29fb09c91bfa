package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.util.List;

/** A definition that comes with the platform; policies are made from it, with some of its rules replaced. */
record PolicyFamily(String policyFamilyId, String name, String description, String definition) {
    private static final List<PolicyFamily> ALL = List.of(
            new PolicyFamily(
                    "job-cluster",
                    "Job Compute",
                    "Clusters that jobs make for their runs; nobody makes one by hand.",
                    """
                    {
                      "cluster_type": {"type": "fixed", "value": "job"},
                      "spark_version": {"type": "unlimited", "defaultValue": "4.0.x-scala2.13"},
                      "node_type_id": {"type": "unlimited", "defaultValue": "local.medium"},
                      "num_workers": {"type": "fixed", "value": 0, "hidden": true},
                      "spark_env_vars.*": {"type": "unlimited"}
                    }"""),
            new PolicyFamily(
                    "personal-vm",
                    "Personal Compute",
                    "A small cluster for one person, which ends when it has been idle for two hours at most.",
                    """
                    {
                      "cluster_type": {"type": "fixed", "value": "all-purpose"},
                      "spark_version": {"type": "unlimited", "defaultValue": "4.0.x-scala2.13"},
                      "node_type_id": {
                        "type": "allowlist",
                        "values": ["local.small", "local.medium"],
                        "defaultValue": "local.small"
                      },
                      "num_workers": {"type": "fixed", "value": 0, "hidden": true},
                      "data_security_mode": {"type": "fixed", "value": "SINGLE_USER", "hidden": true},
                      "autotermination_minutes": {
                        "type": "range", "minValue": 10, "maxValue": 120, "defaultValue": 60
                      }
                    }"""),
            new PolicyFamily(
                    "power-user",
                    "Power User Compute",
                    "A cluster of any size for one person, which ends when it has been idle for a day at most.",
                    """
                    {
                      "cluster_type": {"type": "fixed", "value": "all-purpose"},
                      "spark_version": {"type": "unlimited", "defaultValue": "4.0.x-scala2.13"},
                      "node_type_id": {"type": "unlimited", "defaultValue": "local.large"},
                      "autotermination_minutes": {
                        "type": "range", "minValue": 10, "maxValue": 1440, "defaultValue": 240
                      }
                    }"""),
            new PolicyFamily(
                    "shared-compute",
                    "Shared Compute",
                    "A cluster that a team looks after together: it says in the tag team whose it is, takes no"
                            + " variables of a person, and ends when it has been idle for four hours at most.",
                    """
                    {
                      "cluster_type": {"type": "fixed", "value": "all-purpose"},
                      "spark_version": {"type": "unlimited", "defaultValue": "4.0.x-scala2.13"},
                      "node_type_id": {
                        "type": "allowlist",
                        "values": ["local.medium", "local.large"],
                        "defaultValue": "local.large"
                      },
                      "custom_tags.team": {"type": "regex", "pattern": "[A-Za-z0-9_-]{1,64}"},
                      "spark_env_vars.*": {"type": "forbidden"},
                      "autotermination_minutes": {
                        "type": "range", "minValue": 10, "maxValue": 240, "defaultValue": 120
                      }
                    }"""));

    PolicyFamily {
        requireNonNull(policyFamilyId, "policyFamilyId");
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        requireNonNull(definition, "definition");
    }

    /** By their ids. */
    static List<PolicyFamily> all() {
        return ALL;
    }

    static PolicyFamily of(String id) {
        return ALL.stream()
                .filter(family -> family.policyFamilyId().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("Policy family " + Words.brief(id) + " does not exist"));
    }
}
