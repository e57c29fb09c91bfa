package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.documents.Admission.Admitted;
import io.campanile.notebooks.documents.Admission.Recovered;
import io.campanile.notebooks.documents.DocumentState.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides whether an operation fits the notebook, and rebases texts. Changes nothing. */
final class AdmissionRules {
    private final DocumentState state;
    private final TextHistory history;

    AdmissionRules(DocumentState state, TextHistory history) {
        this.state = requireNonNull(state, "state");
        this.history = requireNonNull(history, "history");
    }

    /** @param base the revision the author had seen */
    Admission admit(Op op, long base) {
        if (op instanceof Op.Text text) {
            return text(text, base);
        }
        if (op instanceof Op.Insert insert) {
            return new Admitted(insert(insert));
        }
        if (op instanceof Op.Language) {
            return new Admitted(op);
        }
        if (op instanceof Op.Replace replace) {
            return new Admitted(replace(replace));
        }
        Entry entry = known(requireNonNull(op.cellId(), "cellId"));
        if (op instanceof Op.Restore && entry.deleted()) {
            room(1, entry.cell().src().length());
        }
        if (op instanceof Op.Meta meta
                && meta.val() != null
                && !entry.cell().meta().containsKey(meta.key())) {
            if (entry.cell().meta().size() >= Limits.META_KEYS) {
                throw ApiException.invalid("Field op.key: the cell has " + Limits.META_KEYS + " keys already");
            }
        }
        return new Admitted(op);
    }

    private Admission text(Op.Text op, long base) {
        Entry entry = known(op.cell());
        Cell cell = entry.cell();
        if (op.ver() > cell.ver()) {
            throw ApiException.invalid("Field op.ver is " + op.ver() + ", but the cell is at version " + cell.ver());
        }
        if (op.ver() < entry.floor()) {
            return replaced(op, cell, base);
        }
        ChangeSet changes = rebased(op, cell);
        String result = changes.apply(cell.src());
        checkText(result, "op.changes");
        if (entry.deleted()) {
            return recovered(cell, result, "The cell was deleted; its text is kept in a new cell");
        }
        room(0, result.length() - cell.src().length());
        return new Admitted(new Op.Text(op.cell(), cell.ver() + 1, changes));
    }

    private ChangeSet rebased(Op.Text op, Cell cell) {
        ChangeSet changes = op.changes();
        for (ChangeSet unseen : op.ver() == cell.ver() ? List.<ChangeSet>of() : history.since(cell, op.ver())) {
            checkLength(changes, unseen.length(), op);
            changes = changes.map(unseen, false);
        }
        checkLength(changes, cell.src().length(), op);
        return changes;
    }

    /** The whole text was replaced since: what the author meant can only be shown beside it. */
    private Admission replaced(Op.Text op, Cell cell, long base) {
        Optional<Cell> then = history.cellAt(base, op.cell());
        if (then.isEmpty() || then.get().ver() != op.ver()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT, "The cell was replaced since version " + op.ver() + " (op.ver)");
        }
        checkLength(op.changes(), then.get().src().length(), op);
        String result = op.changes().apply(then.get().src());
        checkText(result, "op.changes");
        return recovered(cell, result, "The cell was replaced meanwhile; the edited text is kept in a new cell");
    }

    private Admission recovered(Cell near, String text, String message) {
        room(1, text.length());
        String after = null;
        for (Cell cell : state.liveInOrder()) {
            if (cell.pos().compareTo(near.pos()) > 0) {
                after = cell.pos();
                break;
            }
        }
        String pos = Positions.between(near.pos(), after);
        var insert = new Op.Insert(
                UUID.randomUUID().toString(),
                near.type(),
                near.lang(),
                pos,
                text,
                Map.of("recovered", BooleanNode.TRUE),
                0);
        return new Recovered(insert, new ApiException(ErrorCode.RESOURCE_CONFLICT, message));
    }

    private Op insert(Op.Insert op) {
        if (state.entry(op.cell()) != null) {
            throw new ApiException(
                    ErrorCode.RESOURCE_ALREADY_EXISTS, "Field op.cell: cell " + op.cell() + " exists already");
        }
        checkText(op.src(), "op.src");
        room(1, op.src().length());
        return op;
    }

    /** Cells that live on with the same text keep their version, so that edits under way still fit. */
    private Op replace(Op.Replace op) {
        Map<String, Cell> wanted = new HashMap<>();
        List<Cell> cells = new ArrayList<>();
        long units = 0;
        for (Cell cell : op.cells()) {
            checkText(cell.src(), "cells[" + cells.size() + "].source");
            units += cell.src().length();
            if (wanted.put(cell.id(), cell) != null) {
                throw ApiException.invalid("Field cells[" + cells.size() + "].id: " + cell.id() + " is there twice");
            }
            Entry old = state.entry(cell.id());
            long ver = old == null ? 0 : old.cell().ver() + (old.cell().src().equals(cell.src()) ? 0 : 1);
            cells.add(new Cell(cell.id(), cell.type(), cell.lang(), cell.src(), ver, cell.pos(), cell.meta()));
        }
        checkSize(cells.size(), units);
        return new Op.Replace(cells);
    }

    private Entry known(String cellId) {
        @Nullable Entry entry = state.entry(cellId);
        if (entry == null) {
            throw ApiException.notFound("Field op.cell: there is no cell " + cellId);
        }
        return entry;
    }

    private void room(int cells, long units) {
        if (cells > 0 && state.allCells() + cells > Limits.ALL_CELLS) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED, "The notebook has too many cells, deleted ones included");
        }
        if (cells > 0 || units > 0) {
            checkSize(state.liveCells() + cells, state.liveUnits() + units);
        }
    }

    private static void checkSize(int cells, long units) {
        Limits.requireCells(cells);
        Limits.requireUnits(units);
    }

    private static void checkText(String text, String field) {
        if (!Limits.fitsCell(text)) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED, "Field " + field + ": a cell holds at most 6 MB of text");
        }
    }

    private static void checkLength(ChangeSet changes, int length, Op.Text op) {
        if (changes.length() != length) {
            throw ApiException.invalid("Field op.changes is of a text of "
                    + op.changes().length() + " characters, which the cell did not have at version " + op.ver());
        }
    }
}
