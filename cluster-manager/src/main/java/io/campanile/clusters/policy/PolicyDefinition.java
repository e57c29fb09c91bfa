package io.campanile.clusters.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of a policy, checked. */
record PolicyDefinition(List<Rule> rules) {
    private static final int LONGEST = 50_000;
    private static final int MOST_RULES = 500;
    /** Of two rules for one attribute the second would win in silence. */
    private static final ObjectMapper STRICT =
            Json.MAPPER.copy().configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true);

    PolicyDefinition {
        rules = List.copyOf(rules);
    }

    /** The object in a text; {@code field} names it in refusals. */
    static ObjectNode parse(String field, String text) {
        if (text.length() > LONGEST) {
            throw ApiException.invalid(field + " must have at most " + LONGEST + " characters");
        }
        try {
            JsonNode read = STRICT.readTree(text);
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw ApiException.invalid(field + " is not JSON: " + e.getOriginalMessage());
        }
        throw ApiException.invalid(field + " must be a JSON object of attributes with their rules");
    }

    /** 400 that names every attribute whose rule is wrong, and what is. */
    static PolicyDefinition read(String field, ObjectNode definition) {
        if (definition.size() > MOST_RULES) {
            throw ApiException.invalid(field + " must have at most " + MOST_RULES + " rules");
        }
        List<Rule> rules = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (Map.Entry<String, JsonNode> element : definition.properties()) {
            try {
                Rule rule = new RuleReader(Attribute.of(element.getKey()), element.getValue()).read();
                String other = seen.put(rule.attribute().path(), element.getKey());
                if (other != null) {
                    throw ApiException.invalid("has a rule already, under the spelling " + other);
                }
                rules.add(rule);
            } catch (ApiException wrong) {
                problems.add(Words.brief(element.getKey()) + ": " + wrong.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid("Invalid " + field + ": " + Words.problems(problems));
        }
        return new PolicyDefinition(rules);
    }

    static PolicyDefinition of(String field, String text) {
        return read(field, parse(field, text));
    }
}
