package io.campanile.node.agent.process;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What must not stand in logs: each line of it that says something is left out. For any thread. */
public final class Redaction {
    private static final int SHORTEST_HIDDEN = 4;

    private volatile List<String> hidden = List.of();

    public Redaction(Collection<String> values) {
        hide(values);
    }

    /** Keeps more out from now on. */
    public synchronized void hide(Collection<String> values) {
        hidden = Stream.concat(hidden.stream(), values.stream().flatMap(String::lines))
                .filter(each -> each.length() >= SHORTEST_HIDDEN)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** What is kept out, line by line. */
    public List<String> values() {
        return hidden;
    }

    /** Text, in whole lines, as it may be shown. */
    public String of(String text) {
        String shown = text;
        for (String secret : hidden) {
            shown = shown.replace(secret, "[REDACTED]");
        }
        return shown;
    }

    /** Of text that ends in the middle of a line, so many characters may be the beginning of what is hidden. */
    public int longest() {
        List<String> values = hidden;
        return values.isEmpty() ? 0 : values.get(0).length();
    }
}
