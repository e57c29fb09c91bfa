package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files on their way in and out, where the service and the gateway are one process. What the service has opened and checked
 * is handed over open, and the gateway has the system send it; a body that comes is written by the gateway to the file the
 * service names when it wants it. Through a socket between the two every byte would be copied four times more.
 */
public final class Handover {
    /** Of a request: the process that could take a file. */
    public static final String TAKER = "X-Campanile-Handover-To";

    /** Of a request without a body: the one that is to be had. */
    public static final String BODY = "X-Campanile-Handover-Body";

    /** Of an answer without a body: the file that is the body. */
    public static final String GIVEN = "X-Campanile-Handover";

    private static final Handover WITHIN_THIS_PROCESS = new Handover();

    private final String process = UUID.randomUUID().toString();
    private final Map<String, OpenFile> given = new ConcurrentHashMap<>();

    private final Map<String, Body> bodies = new ConcurrentHashMap<>();
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

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

    /** A body that has not been read yet. */
    public interface Body {
        /** Writes it into a file from {@code at} on; the number of bytes, once they are on the disk. */
        Future<Long> into(Path file, long at, long limit);
    }

    /** From now on the service of this process that listens there takes bodies so. */
    public void takesBodies(int port) {
        ports.add(port);
    }

    public void takesNoMore(int port) {
        ports.remove(port);
    }

    public boolean takesBodiesAt(int port) {
        return ports.contains(port);
    }

    public String offer(Body body) {
        String key = UUID.randomUUID().toString();
        bodies.put(key, body);
        return key;
    }

    public Optional<Body> takeBody(String key) {
        return Optional.ofNullable(bodies.remove(key));
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
