package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.Person;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Types into a notebook over its live socket: a new cell now and then, and pieces of text at its end. */
final class EditWriter implements Writer {
    private static final int PIECES_OF_A_CELL = 40;

    private final Line line;
    private final Follower follower;
    private final Set<String> before = new HashSet<>();
    private final List<String> cells = new ArrayList<>();
    private final List<StringBuilder> texts = new ArrayList<>();
    private long version;
    private int pieces = PIECES_OF_A_CELL;
    private int acknowledged;

    EditWriter(Person person, long notebook, Patience patience) throws Exception {
        this.line = new Line(person, notebook, patience);
        this.follower = new Follower(person, notebook, patience);
        line.seenByAnother()
                .path("cells")
                .forEach(cell -> before.add(cell.path("id").asText()));
    }

    @Override
    public String name() {
        return "edits";
    }

    @Override
    public void write() throws Exception {
        if (pieces == PIECES_OF_A_CELL) {
            cells.add(line.insert(cells.size(), "SQL", ""));
            texts.add(new StringBuilder());
            version = 0;
            pieces = 0;
        } else {
            StringBuilder text = texts.get(texts.size() - 1);
            String piece = acknowledged + ";";
            version = line.submit(append(cells.get(cells.size() - 1), version, text.length(), piece))
                    .path("ver")
                    .asLong();
            text.append(piece);
            pieces++;
        }
        acknowledged++;
    }

    @Override
    public int acknowledged() {
        return acknowledged;
    }

    @Override
    public void verify(boolean all) throws Exception {
        List<String> seen = new ArrayList<>();
        for (JsonNode cell : line.seenByAnother().path("cells")) {
            if (before.contains(cell.path("id").asText())) {
                continue;
            }
            seen.add(cell.path("id").asText() + " " + cell.path("src").asText());
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            expected.add(cells.get(i) + " " + texts.get(i));
        }
        assertThat(seen).as("cells and their texts").isEqualTo(expected);
        follower.awaitRevision(line.revision());
        line.close();
    }

    @Override
    public void close() {
        line.close();
        follower.close();
    }

    private static ObjectNode append(String cell, long version, int length, String piece) {
        return replace(cell, version, length, 0, piece);
    }

    /** A change of a text in CodeMirror's form: {@code kept} units stay, {@code replaced} ones become {@code piece}. */
    static ObjectNode replace(String cell, long version, int kept, int replaced, String piece) {
        ObjectNode operation = Installation.JSON.createObjectNode();
        operation.put("kind", "text").put("cell", cell).put("ver", version);
        ArrayNode changes = operation.putArray("changes");
        if (kept > 0) {
            changes.add(kept);
        }
        ArrayNode change = changes.addArray().add(replaced);
        piece.lines().forEach(change::add);
        return operation;
    }
}
