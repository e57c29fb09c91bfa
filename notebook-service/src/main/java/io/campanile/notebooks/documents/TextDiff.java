package io.campanile.notebooks.documents;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The change that makes one text of another, by whole lines: edits of other lines made meanwhile still fit beside it. */
final class TextDiff {
    /** Beyond these the changed middle is replaced as one: a restore must not hold the notebook's lock for long. */
    private static final int MOST_LINES = 4_000;

    private static final int MOST_CHANGES = 300;

    private TextDiff() {}

    static ChangeSet between(String from, String to) {
        int head = commonHead(from, to);
        int tail = commonTail(from, to, head);
        String old = from.substring(head, from.length() - tail);
        String wanted = to.substring(head, to.length() - tail);
        var out = new ChangeSetBuilder();
        out.keep(head);
        if (old.isEmpty() || wanted.isEmpty()) {
            out.add(old.length(), wanted, false);
        } else {
            lines(out, old, wanted);
        }
        out.keep(tail);
        return out.build();
    }

    private static int commonHead(String a, String b) {
        int most = Math.min(a.length(), b.length());
        int same = 0;
        while (same < most && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same > 0 && Character.isHighSurrogate(a.charAt(same - 1)) ? same - 1 : same;
    }

    private static int commonTail(String a, String b, int head) {
        int most = Math.min(a.length(), b.length()) - head;
        int same = 0;
        while (same < most && a.charAt(a.length() - 1 - same) == b.charAt(b.length() - 1 - same)) {
            same++;
        }
        return same > 0 && Character.isLowSurrogate(a.charAt(a.length() - same)) ? same - 1 : same;
    }

    private static void lines(ChangeSetBuilder out, String old, String wanted) {
        List<String> a = split(old);
        List<String> b = split(wanted);
        List<int[]> trace = a.size() > MOST_LINES || b.size() > MOST_LINES ? List.of() : trace(a, b);
        if (trace.isEmpty()) {
            out.add(old.length(), wanted, false);
            return;
        }
        int deleted = 0;
        var inserted = new StringBuilder();
        for (Step step : path(trace, a.size(), b.size())) {
            if (step.kept()) {
                out.add(deleted, inserted.toString(), false);
                deleted = 0;
                inserted.setLength(0);
                out.keep(a.get(step.from()).length());
            } else if (step.from() >= 0) {
                deleted += a.get(step.from()).length();
            } else {
                inserted.append(b.get(step.to()));
            }
        }
        out.add(deleted, inserted.toString(), false);
    }

    /** One line: kept (both), deleted ({@code to} is -1) or inserted ({@code from} is -1). */
    private record Step(int from, int to) {
        boolean kept() {
            return from >= 0 && to >= 0;
        }
    }

    /** Myers' greedy walk: how far each diagonal reaches after d changes; empty when that takes too many. */
    private static List<int[]> trace(List<String> a, List<String> b) {
        int bound = Math.min(MOST_CHANGES, a.size() + b.size());
        List<int[]> trace = new ArrayList<>();
        int[] reach = new int[2 * bound + 3];
        for (int d = 0; d <= bound; d++) {
            for (int k = -d; k <= d; k += 2) {
                int at = bound + 1 + k;
                boolean down = k == -d || (k != d && reach[at - 1] < reach[at + 1]);
                int x = down ? reach[at + 1] : reach[at - 1] + 1;
                int y = x - k;
                while (x < a.size() && y >= 0 && y < b.size() && a.get(x).equals(b.get(y))) {
                    x++;
                    y++;
                }
                reach[at] = x;
                if (x >= a.size() && y >= b.size()) {
                    trace.add(reach.clone());
                    return trace;
                }
            }
            trace.add(reach.clone());
        }
        return List.of();
    }

    private static List<Step> path(List<int[]> trace, int from, int to) {
        List<Step> backwards = new ArrayList<>();
        int middle = trace.get(0).length / 2;
        int x = from;
        int y = to;
        for (int d = trace.size() - 1; d > 0; d--) {
            int[] before = trace.get(d - 1);
            int k = x - y;
            boolean down = k == -d || (k != d && before[middle + k - 1] < before[middle + k + 1]);
            int prior = down ? k + 1 : k - 1;
            int startX = before[middle + prior];
            int startY = startX - prior;
            int afterX = down ? startX : startX + 1;
            while (x > afterX) {
                backwards.add(new Step(--x, --y));
            }
            backwards.add(down ? new Step(-1, startY) : new Step(startX, -1));
            x = startX;
            y = startY;
        }
        while (x > 0) {
            backwards.add(new Step(--x, --y));
        }
        Collections.reverse(backwards);
        return backwards;
    }

    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, next));
            from = next;
        }
        return lines;
    }
}
