package io.campanile.clusters.policy;

import java.util.List;
import java.util.stream.Collectors;

/** Values in messages, short enough to read. */
final class Words {
    private static final int LONGEST = 100;
    private static final int MOST = 20;

    private Words() {}

    static String brief(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    }

    static String list(List<String> values) {
        String some = values.stream().limit(MOST).map(Words::brief).collect(Collectors.joining(", "));
        return values.size() <= MOST ? some : some + " and " + (values.size() - MOST) + " more";
    }

    /** What is wrong, the first of it. */
    static String problems(List<String> problems) {
        String some = problems.stream().limit(MOST).collect(Collectors.joining("; "));
        return problems.size() <= MOST ? some : some + "; and " + (problems.size() - MOST) + " more";
    }
}
