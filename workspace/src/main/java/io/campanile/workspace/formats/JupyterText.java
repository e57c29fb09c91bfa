package io.campanile.workspace.formats;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import java.util.Map;

/** Text as nbformat keeps it: a string, or a list of lines that bear their line ends. */
final class JupyterText {
    /** What a cell holds at most. */
    private static final int LONGEST_CELL = 6 * 1024 * 1024;

    /** Of its lines together: readers of JSON, of which there are more on its way, take no longer text. */
    private static final int LONGEST_TEXT = StreamReadConstraints.DEFAULT_MAX_STRING_LEN;

    private JupyterText() {}

    static String joined(JsonNode text) {
        if (!text.isArray()) {
            return text.asText("");
        }
        StringBuilder all = new StringBuilder();
        for (JsonNode line : text) {
            all.append(line.asText(""));
            if (all.length() > LONGEST_TEXT) {
                throw new ApiException(
                        ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                        "Field content: a text that is given in lines has more than " + LONGEST_TEXT + " characters");
            }
        }
        return all.toString();
    }

    static void splitInto(ArrayNode lines, String text) {
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, to));
            from = to;
        }
    }

    /** Pictures attached to a markdown cell, moved into its text as data URLs: documents have no other place for them. */
    static String inlined(String source, JsonNode attachments) {
        String text = source;
        for (Map.Entry<String, JsonNode> attachment : attachments.properties()) {
            for (Map.Entry<String, JsonNode> content : attachment.getValue().properties()) {
                if (content.getKey().startsWith("image/")) {
                    String data = joined(content.getValue()).replaceAll("\\s", "");
                    text = replaced(
                            text,
                            "(attachment:" + attachment.getKey() + ")",
                            "(data:" + content.getKey() + ";base64," + data + ")");
                }
            }
        }
        return text;
    }

    /** The other way: pictures that are in the text become mentions of the attachments they were. */
    static String mentioning(String source, JsonNode attachments) {
        String text = source;
        for (Map.Entry<String, JsonNode> attachment : attachments.properties()) {
            for (Map.Entry<String, JsonNode> content : attachment.getValue().properties()) {
                if (content.getKey().startsWith("image/")) {
                    String data = joined(content.getValue()).replaceAll("\\s", "");
                    text = text.replace(
                            "(data:" + content.getKey() + ";base64," + data + ")",
                            "(attachment:" + attachment.getKey() + ")");
                }
            }
        }
        return text;
    }

    /** Every mention of a picture becomes the picture: a small file can mean a text without end. */
    private static String replaced(String text, String mention, String picture) {
        long length = text.length();
        for (int at = text.indexOf(mention); at >= 0; at = text.indexOf(mention, at + mention.length())) {
            length += picture.length() - mention.length();
        }
        if (length > LONGEST_CELL) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "A text cell with the pictures attached to it is longer than " + LONGEST_CELL + " characters");
        }
        return text.replace(mention, picture);
    }
}
