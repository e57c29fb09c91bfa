package io.campanile.notebooks.documents;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A notebook in memory, deleted cells included. Not thread-safe: one authority works on it, one step at a time. */
final class DocumentState {
    private static final int RECENT = 512;
    private static final Comparator<Cell> ORDER =
            Comparator.comparing(Cell::pos).thenComparing(Cell::id);

    private String language;
    private long revision;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Deque<ChangeSet>> recent = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private int liveCells;
    private long liveUnits;
    private long units;

    /** @param floor the version from which on the text's history is a chain of changes (a replacement breaks it) */
    record Entry(Cell cell, boolean deleted, long floor) {}

    DocumentState(String language, long revision) {
        this.language = language;
        this.revision = revision;
    }

    String language() {
        return language;
    }

    long revision() {
        return revision;
    }

    int liveCells() {
        return liveCells;
    }

    int allCells() {
        return entries.size();
    }

    long liveUnits() {
        return liveUnits;
    }

    /** UTF-16 units held in memory, deleted cells included. */
    long units() {
        return units;
    }

    @Nullable
    Entry entry(String cellId) {
        return entries.get(cellId);
    }

    Iterable<Entry> entries() {
        return entries.values();
    }

    List<Cell> liveInOrder() {
        List<Cell> live = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.deleted()) {
                live.add(entry.cell());
            }
        }
        live.sort(ORDER);
        return live;
    }

    /** The last changes of a cell's text, oldest first; the newest made the current version. */
    List<ChangeSet> recent(String cellId) {
        Deque<ChangeSet> known = recent.get(cellId);
        return known == null ? List.of() : List.copyOf(known);
    }

    /** Cells whose rows differ from the database; asking forgets them. */
    Set<String> takeChanged() {
        Set<String> taken = Set.copyOf(changed);
        changed.clear();
        return taken;
    }

    void load(Entry entry) {
        put(entry);
        changed.clear();
    }

    /** Applies an admitted operation; it becomes the next revision. */
    void commit(Op op) {
        revision++;
        if (op instanceof Op.Language change) {
            language = change.lang();
        } else if (op instanceof Op.Replace replace) {
            replace(replace.cells());
        } else if (op instanceof Op.Insert insert) {
            put(new Entry(
                    new Cell(
                            insert.cell(),
                            insert.type(),
                            insert.lang(),
                            insert.src(),
                            insert.ver(),
                            insert.pos(),
                            insert.meta()),
                    false,
                    insert.ver()));
        } else {
            change(op);
        }
    }

    private void change(Op op) {
        String id = op.cellId();
        Entry entry = id == null ? null : entries.get(id);
        if (id == null || entry == null) {
            throw new IllegalStateException("An operation on an unknown cell was admitted");
        }
        Cell cell = entry.cell();
        if (op instanceof Op.Text text) {
            put(new Entry(text(cell, text.changes().apply(cell.src()), text.ver()), entry.deleted(), entry.floor()));
            Deque<ChangeSet> known = recent.computeIfAbsent(id, any -> new ArrayDeque<>());
            known.addLast(text.changes());
            if (known.size() > RECENT) {
                known.removeFirst();
            }
        } else if (op instanceof Op.Delete) {
            put(new Entry(cell, true, entry.floor()));
        } else if (op instanceof Op.Restore) {
            put(new Entry(cell, false, entry.floor()));
        } else if (op instanceof Op.Move move) {
            put(new Entry(
                    new Cell(id, cell.type(), cell.lang(), cell.src(), cell.ver(), move.pos(), cell.meta()),
                    entry.deleted(),
                    entry.floor()));
        } else if (op instanceof Op.Type type) {
            put(new Entry(
                    new Cell(id, type.type(), type.lang(), cell.src(), cell.ver(), cell.pos(), cell.meta()),
                    entry.deleted(),
                    entry.floor()));
        } else if (op instanceof Op.Meta meta) {
            var fields = new LinkedHashMap<>(cell.meta());
            if (meta.val() == null) {
                fields.remove(meta.key());
            } else {
                fields.put(meta.key(), meta.val());
            }
            put(new Entry(
                    new Cell(id, cell.type(), cell.lang(), cell.src(), cell.ver(), cell.pos(), fields),
                    entry.deleted(),
                    entry.floor()));
        }
    }

    private void replace(List<Cell> cells) {
        Set<String> kept = new HashSet<>();
        for (Cell cell : cells) {
            kept.add(cell.id());
            Entry old = entries.get(cell.id());
            boolean sameText = old != null && old.cell().ver() == cell.ver();
            put(new Entry(cell, false, sameText && old != null ? old.floor() : cell.ver()));
            if (!sameText) {
                recent.remove(cell.id());
            }
        }
        for (Entry entry : List.copyOf(entries.values())) {
            if (!kept.contains(entry.cell().id()) && !entry.deleted()) {
                put(new Entry(entry.cell(), true, entry.floor()));
            }
        }
    }

    private void put(Entry entry) {
        Entry old = entries.put(entry.cell().id(), entry);
        if (old != null) {
            count(old, -1);
        }
        count(entry, 1);
        changed.add(entry.cell().id());
    }

    private void count(Entry entry, int sign) {
        long length = entry.cell().src().length();
        units += sign * length;
        if (!entry.deleted()) {
            liveCells += sign;
            liveUnits += sign * length;
        }
    }

    private static Cell text(Cell cell, String src, long ver) {
        return new Cell(cell.id(), cell.type(), cell.lang(), src, ver, cell.pos(), cell.meta());
    }
}
