package io.campanile.kernel.secrets;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Redacts printed text that comes in pieces: the end of a piece that may be the beginning of a value waits for the next
 * one, so that no value slips through in two halves.
 */
public final class RedactedText {
    private final Redaction redaction;
    private final BiConsumer<String, String> out;
    private final Map<String, String> waiting = new LinkedHashMap<>();

    /** {@code out} takes the name of a stream and text that may be shown. */
    public RedactedText(Redaction redaction, BiConsumer<String, String> out) {
        this.redaction = redaction;
        this.out = out;
    }

    public synchronized void print(String stream, String piece) {
        if (!redaction.active()) {
            out.accept(stream, piece);
            return;
        }
        String text = redaction.of(waiting.getOrDefault(stream, "") + piece);
        int end = redaction.openEnd(text);
        waiting.put(stream, text.substring(end));
        show(stream, text.substring(0, end));
    }

    /** Nothing more comes for now: what waits is no value. */
    public synchronized void flush() {
        Map<String, String> last = new LinkedHashMap<>(waiting);
        waiting.clear();
        last.forEach(this::show);
    }

    private void show(String stream, String text) {
        if (!text.isEmpty()) {
            out.accept(stream, text);
        }
    }
}
