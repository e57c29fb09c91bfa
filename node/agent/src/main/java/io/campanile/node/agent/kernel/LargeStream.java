package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.protocol.NodeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Reads the content of a stream message piece by piece. Some kernels gather what was printed in a fifth of a second into
 * one message; tens of megabytes parsed at once would not fit the agent's heap.
 */
final class LargeStream {
    private LargeStream() {}

    /** Calls {@code pieces} with contents that together say what this one does. */
    static void split(byte[] content, int pieceBytes, Consumer<JsonNode> pieces) throws IOException {
        String name = "stdout";
        int start = -1;
        try (JsonParser parser = NodeJson.MAPPER.createParser(content)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token == JsonToken.FIELD_NAME; token = parser.nextToken()) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("name")) {
                    name = parser.getText();
                } else if (field.equals("text")) {
                    // The parser has only seen the opening quote: it does not build a string nobody asks for.
                    start = (int) parser.currentTokenLocation().getByteOffset() + 1;
                }
                parser.skipChildren();
            }
        }
        if (start < 0) {
            throw new IOException("A stream message without text");
        }
        int at = start;
        while (content[at] != '"') {
            int end = end(content, at, pieceBytes);
            ObjectNode piece = NodeJson.MAPPER.createObjectNode();
            piece.put("name", name).put("text", text(content, at, end));
            pieces.accept(piece);
            at = end;
        }
    }

    /** Where a piece may end: between two characters, at the closing quote at the latest. */
    private static int end(byte[] content, int start, int pieceBytes) {
        int at = start;
        while (content[at] != '"' && at - start < pieceBytes) {
            int next = skipCharacter(content, at);
            // A surrogate pair written as two escapes is one character.
            at = isHighSurrogateEscape(content, at) ? skipCharacter(content, next) : next;
        }
        return at;
    }

    private static int skipCharacter(byte[] content, int at) {
        if (content[at] == '\\') {
            return at + (content[at + 1] == 'u' ? 6 : 2);
        }
        int next = at + 1;
        while ((content[next] & 0xC0) == 0x80) {
            next++;
        }
        return next;
    }

    private static boolean isHighSurrogateEscape(byte[] content, int at) {
        return content[at] == '\\'
                && content[at + 1] == 'u'
                && (content[at + 2] | 0x20) == 'd'
                && "89abAB".indexOf(content[at + 3]) >= 0
                && content[at + 6] == '\\';
    }

    private static String text(byte[] content, int start, int end) throws IOException {
        var quoted = new ByteArrayOutputStream(end - start + 2);
        quoted.write('"');
        quoted.write(content, start, end - start);
        quoted.write('"');
        return NodeJson.MAPPER.readValue(quoted.toByteArray(), String.class);
    }
}
