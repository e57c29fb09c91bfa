package io.campanile.clusters.policy;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campanile.common.errors.ApiException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the rule of one attribute; a refusal says what is wrong, the caller says of which attribute. */
final class RuleReader {
    private static final String DEFAULT = "defaultValue";
    private static final String OPTIONAL = "isOptional";
    private static final String HIDDEN = "hidden";
    private static final int MOST_VALUES = 500;
    private static final int LONGEST_VALUE = 1_024;

    /** The fields of each type beside its name and what every rule may have. */
    private static final Map<String, Set<String>> TYPES = Map.ofEntries(
            entry("fixed", Set.of("value")),
            entry("forbidden", Set.of()),
            entry("allowlist", Set.of("values", DEFAULT)),
            entry("blocklist", Set.of("values", DEFAULT)),
            entry("regex", Set.of("pattern", DEFAULT)),
            entry("range", Set.of("minValue", "maxValue", DEFAULT)),
            entry("unlimited", Set.of(DEFAULT)));

    private final Attribute attribute;
    private final JsonNode element;

    RuleReader(Attribute attribute, JsonNode element) {
        this.attribute = attribute;
        this.element = element;
    }

    Rule read() {
        if (!element.isObject()) {
            throw ApiException.invalid("its rule must be an object with a type");
        }
        JsonNode named = element.path("type");
        Set<String> fields = TYPES.get(named.asText());
        if (!named.isTextual() || fields == null) {
            throw ApiException.invalid("type must be one of " + String.join(", ", new TreeSet<>(TYPES.keySet()))
                    + (named.isTextual() ? ", not " + Words.brief(named.asText()) : ""));
        }
        String type = named.asText();
        element.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field) && !Set.of("type", OPTIONAL, HIDDEN).contains(field)) {
                throw ApiException.invalid("a rule of type " + type + " has no field " + Words.brief(field));
            }
        });
        boolean optional = flag(OPTIONAL);
        // Only forms hide an attribute; what the rule allows is the same.
        flag(HIDDEN);
        Constraint constraint = constraint(type);
        return new Rule(attribute, constraint, filling(type, constraint), optional);
    }

    private Constraint constraint(String type) {
        return switch (type) {
            case "fixed" -> new Constraint.Fixed(text("value", required("value")));
            case "forbidden" -> forbidden();
            case "allowlist" -> new Constraint.OneOf(values());
            case "blocklist" -> new Constraint.NoneOf(values());
            case "regex" -> regex();
            case "range" -> range();
            default -> new Constraint.Unlimited();
        };
    }

    private Constraint forbidden() {
        if (attribute.path().equals(ClusterType.ATTRIBUTE)) {
            throw ApiException.invalid("every cluster has one, it cannot be forbidden");
        }
        return new Constraint.Forbidden();
    }

    private Constraint regex() {
        if (attribute.kind() == Attribute.Kind.INTEGER || attribute.kind() == Attribute.Kind.BOOLEAN) {
            throw ApiException.invalid("regex is for texts");
        }
        JsonNode pattern = required("pattern");
        if (!pattern.isTextual()) {
            throw ApiException.invalid("pattern must be a text");
        }
        return new Constraint.Matching(BoundedPattern.of(pattern.asText()));
    }

    private Constraint range() {
        if (attribute.kind() == Attribute.Kind.TEXT || attribute.kind() == Attribute.Kind.BOOLEAN) {
            throw ApiException.invalid("range is for numbers");
        }
        BigDecimal least = bound("minValue");
        BigDecimal most = bound("maxValue");
        if (least == null && most == null) {
            throw ApiException.invalid("a range needs minValue or maxValue");
        }
        if (least != null && most != null && least.compareTo(most) > 0) {
            throw ApiException.invalid(
                    "minValue " + least.toPlainString() + " is more than maxValue " + most.toPlainString());
        }
        return new Constraint.Between(least, most);
    }

    private @Nullable BigDecimal bound(String field) {
        JsonNode value = element.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !Constraint.NUMBER.matcher(value.asText()).matches()) {
            throw ApiException.invalid(field + " must be a number");
        }
        return new BigDecimal(value.asText());
    }

    private List<String> values() {
        JsonNode given = required("values");
        if (!given.isArray() || given.isEmpty() || given.size() > MOST_VALUES) {
            throw ApiException.invalid("values must be a list of 1 to " + MOST_VALUES + " values");
        }
        Set<String> values = new LinkedHashSet<>();
        for (int i = 0; i < given.size(); i++) {
            values.add(text("values[" + i + "]", given.get(i)));
        }
        return List.copyOf(new ArrayList<>(values));
    }

    private @Nullable JsonNode filling(String type, Constraint constraint) {
        if (type.equals("fixed")) {
            return node(required("value"));
        }
        JsonNode value = element.get(DEFAULT);
        if (value == null || value.isNull()) {
            return null;
        }
        if (attribute.pattern()) {
            throw ApiException.invalid("a pattern has no " + DEFAULT);
        }
        String text = text(DEFAULT, value);
        if (!constraint.allows(text)) {
            throw ApiException.invalid(DEFAULT + " " + Words.brief(text) + " is not allowed by the rule itself: it "
                    + constraint.inWords());
        }
        return node(value);
    }

    private JsonNode required(String field) {
        JsonNode value = element.get(field);
        if (value == null || value.isNull()) {
            throw ApiException.invalid(field + " is missing");
        }
        return value;
    }

    private boolean flag(String field) {
        JsonNode value = element.get(field);
        if (value != null && !value.isBoolean()) {
            throw ApiException.invalid(field + " must be true or false");
        }
        return value != null && value.asBoolean();
    }

    /** A value as it is compared. */
    private String text(String field, JsonNode value) {
        if (!value.isValueNode() || value.isNull() || value.asText().length() > LONGEST_VALUE) {
            throw ApiException.invalid(
                    field + " must be a text, a number or a truth value of at most " + LONGEST_VALUE + " characters");
        }
        String text = value.asText();
        boolean fits = switch (attribute.kind()) {
            case INTEGER -> text.matches("-?[0-9]{1,9}");
            case BOOLEAN -> text.matches("true|false");
            case TEXT -> value.isTextual();
            case ENTRY, OPEN -> true;
        };
        if (!fits) {
            throw ApiException.invalid(field + " must be " + inWords(attribute.kind()) + ", not " + Words.brief(text));
        }
        if (attribute.path().equals(ClusterType.ATTRIBUTE) && !ClusterType.known(text)) {
            throw ApiException.invalid(field + " must be one of " + ClusterType.all() + ", not " + Words.brief(text));
        }
        return attribute.kind() == Attribute.Kind.INTEGER ? Integer.toString(Integer.parseInt(text)) : text;
    }

    /** A value as it goes into the settings of a cluster. */
    private JsonNode node(JsonNode value) {
        String text = value.asText();
        return switch (attribute.kind()) {
            case INTEGER -> IntNode.valueOf(Integer.parseInt(text));
            case BOOLEAN -> BooleanNode.valueOf(Boolean.parseBoolean(text));
            case TEXT, ENTRY -> TextNode.valueOf(text);
            case OPEN -> value;
        };
    }

    private static String inWords(Attribute.Kind kind) {
        return switch (kind) {
            case INTEGER -> "an integer";
            case BOOLEAN -> "true or false";
            case TEXT, ENTRY, OPEN -> "a text";
        };
    }
}
