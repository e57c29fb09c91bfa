package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files on their way out, where the service and the gateway are one process: what the service has opened and checked is
 * handed over open, and the gateway has the system send it. Through a socket between the two every byte would be copied
 * four times more. A process that is not this one says another id, and gets the bytes.
 */
public final class Handover {
    /** Of a request: the process that could take a file. */
    public static final String TAKER = "X-Campanile-Handover-To";

    /** Of an answer without a body: the file that is the body. */
    public static final String GIVEN = "X-Campanile-Handover";

    private static final Handover WITHIN_THIS_PROCESS = new Handover();

    private final String process = UUID.randomUUID().toString();
    private final Map<String, OpenFile> given = new ConcurrentHashMap<>();

    private Handover() {}

    /** The one there is: it is about what a process shares. */
    public static Handover withinThisProcess() {
        return WITHIN_THIS_PROCESS;
    }

    /** Some bytes of a file; whoever has it closes the channel. */
    public record OpenFile(FileChannel channel, long from, long length) {
        public OpenFile {
            requireNonNull(channel, "channel");
        }
    }

    public String process() {
        return process;
    }

    /** Puts a file where whoever knows the answer can take it, once. */
    public String give(OpenFile file) {
        String key = UUID.randomUUID().toString();
        given.put(key, file);
        return key;
    }

    public Optional<OpenFile> take(String key) {
        return Optional.ofNullable(given.remove(key));
    }
}
