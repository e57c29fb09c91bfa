package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.notebooks.documents.DocumentState.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The operations that make a notebook again what it was: as small as they can be, so that edits under way in other tabs
 * are rebased over them. When there would be too many, one operation replaces all cells instead.
 */
final class RestorePlan {
    /** About what a tab takes in without asking for the whole notebook anew. */
    private static final int MOST = 500;

    private final DocumentState now;
    private final DocumentState then;
    private final List<Op> deletes = new ArrayList<>();
    private final List<Op> returns = new ArrayList<>();
    private final List<Op> rest = new ArrayList<>();
    private final List<TextChange> texts = new ArrayList<>();
    private long growth;
    private int returning;

    private record TextChange(Cell from, String to) {
        int growth() {
            return to.length() - from.src().length();
        }
    }

    private RestorePlan(DocumentState now, DocumentState then) {
        this.now = now;
        this.then = then;
    }

    static List<Op> of(DocumentState now, DocumentState then) {
        return new RestorePlan(now, then).operations();
    }

    private List<Op> operations() {
        Set<String> wanted = new HashSet<>();
        for (Cell cell : then.liveInOrder()) {
            wanted.add(cell.id());
            Entry there = now.entry(cell.id());
            if (there == null) {
                comes(cell);
            } else {
                changes(there, cell);
            }
        }
        for (Cell cell : now.liveInOrder()) {
            if (!wanted.contains(cell.id())) {
                deletes.add(new Op.Delete(cell.id()));
            }
        }
        List<Op> out = deletes.size() + returns.size() + rest.size() + texts.size() > MOST || !fits()
                ? new ArrayList<>(List.of(new Op.Replace(then.liveInOrder())))
                : inOrder();
        if (!now.language().equals(then.language())) {
            out.add(new Op.Language(then.language()));
        }
        return out;
    }

    /** The steps between must keep within the limits of a notebook too, not only the result. */
    private boolean fits() {
        return now.liveUnits() + growth <= Limits.NOTEBOOK_UNITS
                && now.liveCells() - deletes.size() + returning <= Limits.CELLS
                && now.allCells() + returning <= Limits.ALL_CELLS;
    }

    /** What goes goes first and what shrinks shrinks first, to make room; a cell must be back before its text changes. */
    private List<Op> inOrder() {
        List<Op> out = new ArrayList<>(deletes);
        out.addAll(returns);
        texts.sort(Comparator.comparingInt(TextChange::growth));
        for (TextChange text : texts) {
            ChangeSet changes = TextDiff.between(text.from().src(), text.to());
            out.add(new Op.Text(text.from().id(), text.from().ver(), changes));
        }
        out.addAll(rest);
        return out;
    }

    private void comes(Cell cell) {
        returns.add(new Op.Insert(cell.id(), cell.type(), cell.lang(), cell.pos(), cell.src(), cell.meta(), 0));
        growth += cell.src().length();
        returning++;
    }

    private void changes(Entry there, Cell wanted) {
        Cell cell = there.cell();
        if (there.deleted()) {
            returns.add(new Op.Restore(cell.id()));
            growth += cell.src().length();
            returning++;
        }
        if (!cell.src().equals(wanted.src())) {
            TextChange change = new TextChange(cell, wanted.src());
            texts.add(change);
            growth += Math.max(0, change.growth());
        }
        if (cell.type() != wanted.type() || !Objects.equals(cell.lang(), wanted.lang())) {
            rest.add(new Op.Type(cell.id(), wanted.type(), wanted.lang()));
        }
        if (!cell.pos().equals(wanted.pos())) {
            rest.add(new Op.Move(cell.id(), wanted.pos()));
        }
        for (String key : cell.meta().keySet()) {
            if (!wanted.meta().containsKey(key)) {
                rest.add(new Op.Meta(cell.id(), key, null));
            }
        }
        for (Map.Entry<String, JsonNode> meta : wanted.meta().entrySet()) {
            if (!meta.getValue().equals(cell.meta().get(meta.getKey()))) {
                rest.add(new Op.Meta(cell.id(), meta.getKey(), meta.getValue()));
            }
        }
    }
}
