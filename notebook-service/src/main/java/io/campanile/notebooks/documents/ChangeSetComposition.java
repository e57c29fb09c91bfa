package io.campanile.notebooks.documents;

/** Joins a change and the one after it into one. */
final class ChangeSetComposition {
    private final ChangeSetCursor first;
    private final ChangeSetCursor second;
    private final ChangeSetBuilder out = new ChangeSetBuilder();
    /** Whether the part being built goes on: a replacement is still one when the other side cuts it in pieces. */
    private boolean open;

    private ChangeSetComposition(ChangeSet first, ChangeSet second) {
        this.first = new ChangeSetCursor(first);
        this.second = new ChangeSetCursor(second);
    }

    static ChangeSet of(ChangeSet first, ChangeSet second) {
        if (first.newLength() != second.length()) {
            throw new IllegalArgumentException("The second change is of a text of another length");
        }
        var composition = new ChangeSetComposition(first, second);
        while (!composition.first.done() || !composition.second.done()) {
            composition.step();
        }
        return composition.out.build();
    }

    private void step() {
        if (first.deletes()) {
            out.add(first.oldLeft(), "", open);
            first.next();
        } else if (!second.done() && second.oldLeft() == 0) {
            if (second.replaces()) {
                out.add(0, second.text(), open);
            }
            second.next();
        } else if (second.done()) {
            first.next();
        } else {
            overlap();
        }
    }

    /** A stretch of the text in the middle, which the first produced and the second kept or replaced. */
    private void overlap() {
        int length = Math.min(first.newLeft(), second.oldLeft());
        int size = out.size();
        if (first.keeps()) {
            if (second.keeps()) {
                out.keep(length, open);
            } else {
                out.add(length, second.begun() ? "" : second.text(), open);
            }
        } else {
            int removed = first.begun() ? 0 : first.oldLeft();
            if (second.keeps()) {
                out.add(removed, first.text(length), open);
            } else {
                out.add(removed, second.begun() ? "" : second.text(), open);
            }
        }
        boolean unfinished =
                (first.replaces() && first.newLeft() > length) || (second.replaces() && second.oldLeft() > length);
        open = unfinished && (open || out.size() > size);
        first.forwardNew(length);
        second.forwardOld(length);
    }
}
