package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.node.agent.Loop;
import io.campanile.node.agent.kernel.KernelSockets.Channel;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.agent.process.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;

/** A running kernel and the requests it has not answered. Its methods, futures and listeners belong to the agent's loop. */
public final class KernelProcess {
    private static final Logger LOG = LoggerFactory.getLogger(KernelProcess.class);
    private static final Duration KNOCK = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofMillis(200);
    /** What may wait for the loop, in units of 4 KiB: beyond it the kernel's socket is not read. */
    private static final int UNHANDLED = 2_000;

    private final KernelSpec spec;
    private final String id;
    private final Loop loop;
    private final Site site;
    private final ChildProcess process;
    private final ConnectionInfo connection;
    private final KernelSockets sockets;
    private final Path connectionFile;
    private final Map<String, CompletableFuture<JupyterMessage>> requests = new ConcurrentHashMap<>();
    private final CompletableFuture<KernelProcess> ready = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final Semaphore window = new Semaphore(UNHANDLED);
    private Consumer<JupyterMessage> output = message -> {};

    /** Where kernels live: {@code folder} is the node's; {@code throttle} returns when there is room for more output. */
    public record Site(
            Path folder, Map<String, String> environment, ZContext context, Runnable throttle, Redaction redaction) {}

    private KernelProcess(KernelSpec spec, String id, Loop loop, Site site) throws IOException {
        this.spec = spec;
        this.id = id;
        this.loop = loop;
        this.site = site;
        this.connection = ConnectionInfo.choose();
        Path folder = site.folder().resolve("kernels").resolve(id);
        Files.createDirectories(folder);
        this.connectionFile = folder.resolve("connection.json");
        PrivateFiles.write(connectionFile, connection.json());
        Path log = site.folder().resolve("logs").resolve("kernel-" + id + ".log");
        this.process = ChildProcess.start(new ChildProcess.Command(
                spec.command(connectionFile),
                folder,
                site.environment(),
                log,
                site.redaction().values()));
        this.sockets = new KernelSockets(
                site.context(), connection, id, new KernelSockets.Receiver(this::received, this::answered));
        // What it printed before its death is still on its way to us.
        process.exit().thenAccept(code -> loop.after(LAST_WORDS, () -> exited(code)));
        knock();
    }

    /** Starts a kernel; it is usable when {@link #ready} completes. */
    public static KernelProcess start(KernelSpec spec, String id, Loop loop, Site site) throws IOException {
        return new KernelProcess(spec, id, loop, site);
    }

    /** A subscription takes effect some time after the connect: asks until the kernel is heard on iopub as well. */
    private void knock() {
        if (ready.isDone() || !process.alive()) {
            return;
        }
        request(Channel.SHELL, "kernel_info_request", JsonNodeFactory.instance.objectNode());
        loop.after(KNOCK, this::knock);
    }

    private void received(JupyterMessage message) {
        site.throttle().run();
        int units = Math.min(UNHANDLED, 1 + message.size() / 4096);
        window.acquireUninterruptibly(units);
        loop.execute(() -> {
            window.release(units);
            ready.complete(this);
            output.accept(message);
        });
    }

    private void answered(JupyterMessage message) {
        CompletableFuture<JupyterMessage> request = requests.remove(message.parentId());
        if (request != null) {
            loop.execute(() -> request.complete(message));
        }
    }

    private void exited(int code) {
        sockets.close();
        var gone = new IOException("exit " + code);
        ready.completeExceptionally(gone);
        requests.values().forEach(request -> request.completeExceptionally(gone));
        requests.clear();
        try {
            Files.deleteIfExists(connectionFile);
        } catch (IOException e) {
            LOG.debug("A connection file stays", e);
        }
        ended.complete(code);
    }

    private CompletableFuture<JupyterMessage> request(Channel channel, String type, JsonNode content) {
        return request(channel, UUID.randomUUID().toString(), type, content);
    }

    private CompletableFuture<JupyterMessage> request(
            Channel channel, String messageId, String type, JsonNode content) {
        var answer = new CompletableFuture<JupyterMessage>();
        if (process.exit().isDone()) {
            answer.completeExceptionally(new IOException("The kernel has ended"));
            return answer;
        }
        requests.put(messageId, answer);
        sockets.send(channel, messageId, type, content);
        return answer;
    }

    /** Completes when the kernel answers on every channel; exceptionally when it ended before. */
    public CompletableFuture<KernelProcess> ready() {
        return ready;
    }

    /** Completes with the exit code when the process is gone and its last output was handled. */
    public CompletableFuture<Integer> ended() {
        return ended;
    }

    /** Everything the kernel publishes from now on. */
    public void onOutput(Consumer<JupyterMessage> listener) {
        output = listener;
    }

    /** Sends an execute_request of this id. */
    public CompletableFuture<JupyterMessage> execute(String messageId, JsonNode content) {
        return request(Channel.SHELL, messageId, "execute_request", content);
    }

    public CompletableFuture<JupyterMessage> shell(String type, JsonNode content) {
        return request(Channel.SHELL, type, content);
    }

    public CompletableFuture<JupyterMessage> control(String type, JsonNode content) {
        return request(Channel.CONTROL, type, content);
    }

    /** Asks it to stop what it executes. */
    public void interrupt() {
        if (!spec.interruptBySignal()) {
            control("interrupt_request", JsonNodeFactory.instance.objectNode());
            return;
        }
        try {
            process.interrupt();
        } catch (IOException e) {
            LOG.warn("A kernel was not signalled", e);
        }
    }

    public KernelSpec spec() {
        return spec;
    }

    public String id() {
        return id;
    }

    public ChildProcess process() {
        return process;
    }

    public int shellPort() {
        return connection.shell();
    }

    /** Ends it at once, with what it started. */
    public void kill() {
        process.kill();
    }

    /** Lets it end by itself, then makes it. */
    public void end(Duration grace) {
        if (!spec.attaches()) {
            var shutdown = JsonNodeFactory.instance.objectNode().put("restart", false);
            control("shutdown_request", shutdown);
        }
        process.end(grace);
    }
}
