package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Two revisions of a notebook, cell by cell, in the order of the later one; removed cells stand where they stood. */
final class NotebookDiff {
    private final List<Cell> before;
    private final List<Cell> after;
    private final Map<String, Integer> placeBefore = new HashMap<>();
    private final Map<String, Integer> placeAfter = new HashMap<>();
    private final Set<String> moved;
    private final ArrayNode cells = Json.MAPPER.createArrayNode();

    private NotebookDiff(DocumentState from, DocumentState to) {
        before = from.liveInOrder();
        after = to.liveInOrder();
        before.forEach(cell -> placeBefore.put(cell.id(), placeBefore.size()));
        after.forEach(cell -> placeAfter.put(cell.id(), placeAfter.size()));
        moved = moved();
    }

    static ObjectNode of(DocumentState from, DocumentState to) {
        NotebookDiff diff = new NotebookDiff(from, to);
        diff.compare();
        ObjectNode out =
                Json.MAPPER.createObjectNode().put("from", from.revision()).put("to", to.revision());
        out.putObject("language").put("before", from.language()).put("after", to.language());
        out.set("cells", diff.cells);
        return out;
    }

    private void compare() {
        removedFrom(0);
        for (Cell cell : after) {
            Integer place = placeBefore.get(cell.id());
            if (place == null) {
                cells.add(side(entry(cell, "added", false), "after", cell, placeAfter));
                continue;
            }
            boolean elsewhere = moved.contains(cell.id());
            both(before.get(place), cell, elsewhere);
            if (!elsewhere) {
                removedFrom(place + 1);
            }
        }
    }

    /** Cells that are gone, from this place on up to the next that kept its place. */
    private void removedFrom(int place) {
        for (int next = place; next < before.size(); next++) {
            Cell cell = before.get(next);
            if (!placeAfter.containsKey(cell.id())) {
                cells.add(side(entry(cell, "removed", false), "before", cell, placeBefore));
            } else if (!moved.contains(cell.id())) {
                return;
            }
        }
    }

    private void both(Cell old, Cell cell, boolean elsewhere) {
        ArrayNode fields = Json.MAPPER.createArrayNode();
        if (!old.src().equals(cell.src())) {
            fields.add("source");
        }
        if (old.type() != cell.type() || !Objects.equals(old.lang(), cell.lang())) {
            fields.add("language");
        }
        if (!old.meta().equals(cell.meta())) {
            fields.add("settings");
        }
        if (fields.isEmpty() && !elsewhere) {
            cells.add(entry(cell, "unchanged", false).put("place", placeOf(cell, placeAfter)));
            return;
        }
        ObjectNode entry = entry(cell, fields.isEmpty() ? "moved" : "changed", elsewhere);
        entry.set("fields", fields);
        side(side(entry, "before", old, placeBefore), "after", cell, placeAfter);
        cells.add(entry);
    }

    private static ObjectNode entry(Cell cell, String change, boolean moved) {
        return Json.MAPPER
                .createObjectNode()
                .put("cell", cell.id())
                .put("change", change)
                .put("moved", moved);
    }

    private static ObjectNode side(ObjectNode entry, String name, Cell cell, Map<String, Integer> places) {
        ObjectNode side = entry.putObject(name).put("type", cell.type().wire()).put("lang", cell.lang());
        side.put("src", cell.src()).put("place", placeOf(cell, places));
        return entry;
    }

    /** As people count: from one. */
    private static int placeOf(Cell cell, Map<String, Integer> places) {
        return requireNonNull(places.get(cell.id()), "place") + 1;
    }

    /** The fewest cells that had to be taken out and put elsewhere: those beside the longest run that kept its order. */
    private Set<String> moved() {
        List<String> common = new ArrayList<>();
        for (Cell cell : after) {
            if (placeBefore.containsKey(cell.id())) {
                common.add(cell.id());
            }
        }
        int[] places = common.stream().mapToInt(placeBefore::get).toArray();
        Set<String> elsewhere = new HashSet<>(common);
        for (int kept : longestRising(places)) {
            elsewhere.remove(common.get(kept));
        }
        return elsewhere;
    }

    /** Indices of a longest rising subsequence. */
    private static int[] longestRising(int[] values) {
        int[] ends = new int[values.length];
        int[] prior = new int[values.length];
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            int low = 0;
            int high = length;
            while (low < high) {
                int middle = (low + high) / 2;
                if (values[ends[middle]] < values[i]) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            prior[i] = low == 0 ? -1 : ends[low - 1];
            ends[low] = i;
            length = Math.max(length, low + 1);
        }
        int[] out = new int[length];
        int at = length == 0 ? -1 : ends[length - 1];
        for (int i = length - 1; i >= 0; i--) {
            out[i] = at;
            at = prior[at];
        }
        return out;
    }
}
