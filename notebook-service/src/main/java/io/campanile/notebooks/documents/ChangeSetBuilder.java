package io.campanile.notebooks.documents;

import java.util.ArrayList;
import java.util.List;

/** Collects parts in their normal form: neighbours of one kind are joined as CodeMirror joins them. */
final class ChangeSetBuilder {
    private final List<Draft> drafts = new ArrayList<>();

    private static final class Draft {
        int length;
        boolean kept;
        final StringBuilder text = new StringBuilder();
    }

    void keep(int length) {
        keep(length, false);
    }

    void keep(int length, boolean join) {
        append(length, true, "", join);
    }

    /** Replaces {@code length} units by {@code text}; {@code join}: as part of the one before, whatever that is. */
    void add(int length, String text, boolean join) {
        append(length, false, text, join);
    }

    int size() {
        return drafts.size();
    }

    private void append(int length, boolean kept, String text, boolean join) {
        if (length == 0 && text.isEmpty()) {
            return;
        }
        Draft last = drafts.isEmpty() ? null : drafts.get(drafts.size() - 1);
        if (last != null && text.isEmpty() && sameKind(last, kept)) {
            last.length += length;
        } else if (last != null && length == 0 && last.length == 0) {
            last.text.append(text);
        } else if (last != null && join) {
            last.length += length;
            last.text.append(text);
        } else {
            Draft draft = new Draft();
            draft.length = length;
            draft.kept = kept;
            draft.text.append(text);
            drafts.add(draft);
        }
    }

    /** Both kept, or both plain deletions. */
    private static boolean sameKind(Draft last, boolean kept) {
        return kept ? last.kept : !last.kept && last.text.isEmpty();
    }

    ChangeSet build() {
        List<ChangeSet.Part> parts = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            parts.add(new ChangeSet.Part(draft.length, draft.kept, draft.text.toString()));
        }
        return new ChangeSet(parts);
    }
}
