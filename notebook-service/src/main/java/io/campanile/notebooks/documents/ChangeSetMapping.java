package io.campanile.notebooks.documents;

/** Carries a change {@code ours} over another one made on the same text. */
final class ChangeSetMapping {
    private final ChangeSetCursor ours;
    private final ChangeSetCursor theirs;
    private final boolean before;
    private final ChangeSetBuilder out = new ChangeSetBuilder();
    /** The last of our parts whose text is in {@code out}: a part that theirs cuts in pieces inserts once. */
    private int inserted = -1;

    private ChangeSetMapping(ChangeSet ours, ChangeSet theirs, boolean before) {
        this.ours = new ChangeSetCursor(ours);
        this.theirs = new ChangeSetCursor(theirs);
        this.before = before;
    }

    static ChangeSet of(ChangeSet ours, ChangeSet theirs, boolean before) {
        if (ours.length() != theirs.length()) {
            throw new IllegalArgumentException("The changes are of texts of different lengths");
        }
        var mapping = new ChangeSetMapping(ours, theirs, before);
        while (!mapping.ours.done() || !mapping.theirs.done()) {
            mapping.step();
        }
        return mapping.out.build();
    }

    private void step() {
        if (ours.keeps() && theirs.keeps()) {
            int length = Math.min(ours.oldLeft(), theirs.oldLeft());
            out.keep(length);
            ours.forwardOld(length);
            theirs.forwardOld(length);
        } else if (theirs.replaces() && theirsComesFirst()) {
            passTheirs();
        } else if (ours.replaces()) {
            takeOurs();
        } else {
            // One side has ended; what is left of the other is an empty part.
            skipEmpty();
        }
    }

    /** Order of two replacements: by start, then the shorter, then as {@code before} says. */
    private boolean theirsComesFirst() {
        if (!ours.replaces() || inserted == ours.index()) {
            return true;
        }
        int mine = ours.oldLeft();
        int other = theirs.oldLeft();
        return !ours.begun() && (other < mine || (other == mine && !before));
    }

    /** Keeps what they inserted, and of what they removed takes our insertions that end inside. */
    private void passTheirs() {
        out.keep(theirs.text().length());
        int left = theirs.oldLeft();
        while (left > 0) {
            int piece = Math.min(ours.oldLeft(), left);
            if (ours.replaces() && inserted < ours.index() && ours.oldLeft() <= piece) {
                out.add(0, ours.text(), false);
                inserted = ours.index();
            }
            ours.forwardOld(piece);
            left -= piece;
        }
        theirs.next();
    }

    /** Our replacement up to where theirs inserts something; what they removed too need not be removed again. */
    private void takeOurs() {
        int removed = 0;
        int left = ours.oldLeft();
        while (left > 0) {
            if (theirs.keeps()) {
                int piece = Math.min(left, theirs.oldLeft());
                removed += piece;
                left -= piece;
                theirs.forwardOld(piece);
            } else if (theirs.deletes() && theirs.oldLeft() < left) {
                left -= theirs.oldLeft();
                theirs.next();
            } else {
                break;
            }
        }
        out.add(removed, inserted < ours.index() ? ours.text() : "", false);
        inserted = ours.index();
        ours.forwardOld(ours.oldLeft() - left);
    }

    private void skipEmpty() {
        if (ours.done()) {
            theirs.next();
        } else {
            ours.next();
        }
    }
}
