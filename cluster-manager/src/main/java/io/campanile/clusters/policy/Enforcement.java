package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Completes the settings of one cluster by a definition, then checks them. */
final class Enforcement {
    private final PolicyDefinition definition;

    Enforcement(PolicyDefinition definition) {
        this.definition = requireNonNull(definition, "definition");
    }

    /** The settings with fixed values, and defaults where wanted, in the place of what was left out. */
    ObjectNode complete(ObjectNode body, boolean defaults) {
        ObjectNode whole = body.deepCopy();
        Map<String, String> said = Settings.said(body);
        for (Rule rule : definition.rules()) {
            JsonNode filling = rule.filling(defaults);
            if (filling != null && !said.containsKey(rule.attribute().path())) {
                Settings.put(whole, rule.attribute(), filling);
            }
        }
        return whole;
    }

    /** What {@link #complete} puts where nothing was said. */
    List<PolicyTrial.Filled> filled(ObjectNode body, boolean defaults) {
        Map<String, String> said = Settings.said(body);
        List<PolicyTrial.Filled> filled = new ArrayList<>();
        for (Rule rule : definition.rules()) {
            JsonNode filling = rule.filling(defaults);
            if (filling != null && !said.containsKey(rule.attribute().path())) {
                String kind = rule.constraint() instanceof Constraint.Fixed ? "fixed" : "default";
                filled.add(new PolicyTrial.Filled(rule.attribute().path(), filling, kind));
            }
        }
        return filled;
    }

    /**
     * What is not allowed, each naming attribute, value and rule.
     *
     * @param body the completed settings
     * @param implied what attributes are that were left out
     */
    List<String> violations(ObjectNode body, Map<String, String> implied) {
        Map<String, String> said = Settings.said(body);
        List<String> violations = new ArrayList<>();
        for (Rule rule : definition.rules()) {
            if (!rule.attribute().pattern()) {
                String violation = exact(rule, said.get(rule.attribute().path()), implied);
                if (violation != null) {
                    violations.add(violation);
                }
            }
        }
        Set<String> exact = definition.rules().stream()
                .filter(rule -> !rule.attribute().pattern())
                .map(rule -> rule.attribute().path())
                .collect(Collectors.toSet());
        said.forEach((path, value) -> {
            if (!exact.contains(path)) {
                violations.addAll(byPattern(path, value));
            }
        });
        return violations;
    }

    private static @Nullable String exact(Rule rule, @Nullable String said, Map<String, String> implied) {
        String path = rule.attribute().path();
        Constraint constraint = rule.constraint();
        if (said != null) {
            return constraint.allows(said) ? null : refusal(path, constraint, said);
        }
        if (constraint instanceof Constraint.Forbidden) {
            return null;
        }
        String left = implied.get(path);
        if (left != null) {
            return constraint.allows(left)
                    ? null
                    : path + " " + constraint.inWords() + "; where it is not given it is " + Words.brief(left);
        }
        if (rule.optional()) {
            return null;
        }
        return path + " must be given: it is not optional and " + constraint.inWords();
    }

    /** By the rules that say most of the path. */
    private List<String> byPattern(String path, String value) {
        List<Rule> covering = definition.rules().stream()
                .filter(rule -> rule.attribute().pattern() && rule.attribute().covers(path))
                .toList();
        int most = covering.stream()
                .mapToInt(rule -> rule.attribute().precision())
                .max()
                .orElse(0);
        return covering.stream()
                .filter(rule -> rule.attribute().precision() == most)
                .filter(rule -> !rule.constraint().allows(value))
                .map(rule -> refusal(path, rule.constraint(), value) + ", by the rule for "
                        + rule.attribute().written())
                .toList();
    }

    private static String refusal(String path, Constraint constraint, String value) {
        String but = constraint instanceof Constraint.Forbidden ? ", but is " : ", not ";
        // Variables may hold secrets: what they are is not repeated.
        return path + " " + constraint.inWords() + (path.startsWith("spark_env_vars.") ? "" : but + Words.brief(value));
    }
}
