package io.campanile.notebooks.documents;

import java.util.List;

/** Walks the parts of a change, by any number of units at a time. */
final class ChangeSetCursor {
    private static final ChangeSet.Part END = new ChangeSet.Part(0, true, "");
    private final List<ChangeSet.Part> parts;
    private int index = -1;
    private ChangeSet.Part part = END;
    private int usedOld;
    private int usedNew;

    ChangeSetCursor(ChangeSet changes) {
        this.parts = changes.parts();
        next();
    }

    void next() {
        index++;
        part = index < parts.size() ? parts.get(index) : END;
        usedOld = 0;
        usedNew = 0;
    }

    boolean done() {
        return index >= parts.size();
    }

    /** Tells one part from another. */
    int index() {
        return index;
    }

    boolean keeps() {
        return !done() && part.kept();
    }

    boolean replaces() {
        return !done() && !part.kept();
    }

    /** Deletes without inserting. */
    boolean deletes() {
        return replaces() && part.text().isEmpty();
    }

    boolean begun() {
        return usedOld > 0 || usedNew > 0;
    }

    /** Units of the old text left in this part. */
    int oldLeft() {
        return part.length() - usedOld;
    }

    /** Units of the new text left in this part. */
    int newLeft() {
        return part.kept() ? oldLeft() : part.text().length() - usedNew;
    }

    String text() {
        return part.text();
    }

    /** The next {@code length} units of what this part inserts. */
    String text(int length) {
        return part.text().substring(usedNew, usedNew + length);
    }

    /** Moves on by units of the old text. */
    void forwardOld(int length) {
        if (length == oldLeft()) {
            next();
        } else {
            usedOld += length;
        }
    }

    /** Moves on by units of the new text. */
    void forwardNew(int length) {
        if (part.kept()) {
            forwardOld(length);
        } else if (length == newLeft()) {
            next();
        } else {
            usedNew += length;
        }
    }
}
