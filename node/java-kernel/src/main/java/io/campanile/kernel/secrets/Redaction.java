package io.campanile.kernel.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campanile.kernel.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Replaces every value this process was given by {@code [REDACTED]}, as it is and as HTML and JSON spell it. It guards
 * against printing by accident; code that wants to show a secret can always spell it in another way.
 */
public final class Redaction {
    public static final String MARK = "[REDACTED]";
    /** Shorter values are not looked for: they would be found in half of all text. */
    public static final int SHORTEST = 4;

    /** The longest first, so that a value that begins another one leaves no rest of it. */
    private volatile List<String> values = List.of();

    public synchronized void remember(String value) {
        Set<String> known = new LinkedHashSet<>(values);
        for (String each : new String[] {value, value.strip()}) {
            known.add(each);
            known.add(each.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;"));
            String quoted = new String(Json.bytes(Json.object().put("", each)), StandardCharsets.UTF_8);
            known.add(quoted.substring("{\"\":\"".length(), quoted.length() - "\"}".length()));
        }
        List<String> longestFirst = new ArrayList<>(known);
        longestFirst.removeIf(each -> each.length() < SHORTEST);
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        values = List.copyOf(longestFirst);
    }

    /** Whether there is anything to replace. */
    public boolean active() {
        return !values.isEmpty();
    }

    public String of(String text) {
        String shown = text;
        for (String value : values) {
            shown = shown.replace(value, MARK);
        }
        return shown;
    }

    /** The same JSON with the texts in it redacted; names of fields are the format's, and stay. */
    public JsonNode of(JsonNode node) {
        if (!active()) {
            return node;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode shown = Json.object();
            object.properties().forEach(field -> shown.set(field.getKey(), of(field.getValue())));
            return shown;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode shown = array.arrayNode(array.size());
            array.forEach(element -> shown.add(of(element)));
            return shown;
        }
        return node.isTextual() ? TextNode.valueOf(of(node.textValue())) : node;
    }

    /** Where the end of {@code text} begins that may be the beginning of a value; its length when there is none. */
    int openEnd(String text) {
        int open = text.length();
        for (String value : values) {
            int from = Math.max(0, text.length() - value.length() + 1);
            for (int start = from; start < open; start++) {
                if (text.regionMatches(start, value, 0, text.length() - start)) {
                    open = start;
                }
            }
        }
        return open;
    }
}
