package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of a text of a known length, as CodeMirror's {@code ChangeSet} defines it: parts that cover the whole old
 * text, each kept, deleted or replaced. Offsets are UTF-16 units on both sides. {@link #map} decides ties exactly as
 * {@code @codemirror/state} does; otherwise browser and server would drift apart.
 */
final class ChangeSet {
    private final List<Part> parts;
    private final int length;
    private final int newLength;

    ChangeSet(List<Part> parts) {
        this.parts = List.copyOf(parts);
        long before = 0;
        long after = 0;
        for (Part part : parts) {
            before += part.length();
            after += part.kept() ? part.length() : part.text().length();
        }
        this.length = Math.toIntExact(before);
        this.newLength = Math.toIntExact(after);
    }

    /** One stretch of the old text: kept, or replaced by {@code text} (which may be empty). */
    record Part(int length, boolean kept, String text) {}

    List<Part> parts() {
        return parts;
    }

    /** The length of the text it applies to. */
    int length() {
        return length;
    }

    /** The length of the text it produces. */
    int newLength() {
        return newLength;
    }

    /** Keeps the whole text as one part. CodeMirror passes such a change over without joining parts; so do we. */
    private boolean empty() {
        return parts.isEmpty() || (parts.size() == 1 && parts.get(0).kept());
    }

    String apply(String text) {
        if (text.length() != length) {
            throw new IllegalArgumentException("A change of a text of " + length + " units, not " + text.length());
        }
        var out = new StringBuilder(newLength);
        int at = 0;
        for (Part part : parts) {
            if (part.kept()) {
                out.append(text, at, at + part.length());
            } else {
                out.append(part.text());
            }
            at += part.length();
        }
        return out.toString();
    }

    /** What undoes this change of {@code text}. */
    ChangeSet invert(String text) {
        List<Part> out = new ArrayList<>(parts.size());
        int at = 0;
        for (Part part : parts) {
            out.add(part.kept() ? part : new Part(part.text().length(), false, text.substring(at, at + part.length())));
            at += part.length();
        }
        return new ChangeSet(out);
    }

    /** This change, then {@code next}, as one. */
    ChangeSet compose(ChangeSet next) {
        if (empty() || next.empty()) {
            if (newLength != next.length) {
                throw new IllegalArgumentException("The second change is of a text of another length");
            }
            return empty() ? next : this;
        }
        return ChangeSetComposition.of(this, next);
    }

    /**
     * This change as it reads after {@code over}, which was made on the same text. {@code before}: of two insertions at
     * one place ours stands first.
     */
    ChangeSet map(ChangeSet over, boolean before) {
        return over.empty() && over.length == length ? this : ChangeSetMapping.of(this, over, before);
    }

    /** {@code [5, [2], [0, "line", "line"]]}: keep 5, delete 2, insert two lines. */
    ArrayNode toJson() {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (Part part : parts) {
            if (part.kept()) {
                out.add(part.length());
                continue;
            }
            ArrayNode replaced = out.addArray().add(part.length());
            if (!part.text().isEmpty()) {
                for (String line : part.text().split("\n", -1)) {
                    replaced.add(line);
                }
            }
        }
        return out;
    }

    /** Reads what a client sent; an IllegalArgumentException says what is wrong with it. */
    static ChangeSet fromJson(JsonNode json) {
        if (!json.isArray()) {
            throw new IllegalArgumentException("must be an array");
        }
        var parts = new ArrayList<Part>(json.size());
        long before = 0;
        long after = 0;
        for (JsonNode item : json) {
            Part part = item.isArray() ? replacement(item) : new Part(count(item), true, "");
            if (part.length() == 0 && part.text().isEmpty()) {
                // The editor's own code fails on these: they must never reach another tab.
                throw new IllegalArgumentException("has a part that is nothing");
            }
            before += part.length();
            after += part.kept() ? part.length() : part.text().length();
            if (before > Integer.MAX_VALUE || after > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("is too long");
            }
            parts.add(part);
        }
        return new ChangeSet(parts);
    }

    private static Part replacement(JsonNode item) {
        if (item.isEmpty()) {
            throw new IllegalArgumentException("has an empty part");
        }
        int length = count(item.get(0));
        if (item.size() == 1) {
            return new Part(length, false, "");
        }
        var text = new StringBuilder();
        for (int i = 1; i < item.size(); i++) {
            JsonNode line = item.get(i);
            if (!line.isTextual()) {
                throw new IllegalArgumentException("has an inserted line that is not a string");
            }
            if (i > 1) {
                text.append('\n');
            }
            text.append(line.textValue());
        }
        return new Part(length, false, text.toString());
    }

    private static int count(JsonNode item) {
        if (!item.isIntegralNumber() || !item.canConvertToInt() || item.intValue() < 0) {
            throw new IllegalArgumentException("has a length that is not a whole number of at least 0");
        }
        return item.intValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeSet that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }
}
