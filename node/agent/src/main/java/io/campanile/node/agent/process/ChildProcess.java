package io.campanile.node.agent.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process this agent started. It stays in the agent's session, by which a node provider knows what belongs to a node
 * whose agent is gone, and holds our pipe as its standard input, so that it ends when the agent does.
 */
public final class ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    /** All that user code may see of our environment. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME", "LD_LIBRARY_PATH");

    private final Process process;
    private final CappedLog log;
    private final long started = System.currentTimeMillis();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private ChildProcess(Process process, CappedLog log) {
        this.process = process;
        this.log = log;
    }

    /** What to start; {@code folder} is its working directory, {@code hidden} is kept out of the log. */
    public record Command(
            List<String> argv, Path folder, Map<String, String> environment, Path log, List<String> hidden) {
        public Command(List<String> argv, Path folder, Map<String, String> environment, Path log) {
            this(argv, folder, environment, log, List.of());
        }

        @Override
        public String toString() {
            return "Command" + argv;
        }
    }

    /** Starts with everything the child prints in its log. */
    public static ChildProcess start(Command command) throws IOException {
        return start(command, true);
    }

    /** Starts with standard output left to the caller and standard error in the log. */
    public static ChildProcess startForAnswers(Command command) throws IOException {
        return start(command, false);
    }

    private static ChildProcess start(Command command, boolean mergeOutput) throws IOException {
        var builder = new ProcessBuilder(command.argv())
                .directory(command.folder().toFile())
                .redirectErrorStream(mergeOutput);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(command.environment());
        var log = new CappedLog(command.log(), command.hidden());
        Process process = builder.start();
        var child = new ChildProcess(process, log);
        String name = String.valueOf(command.log().getFileName());
        daemon(name, () -> child.pump(mergeOutput ? process.getInputStream() : process.getErrorStream()));
        process.onExit().thenAccept(ended -> child.exit.complete(ended.exitValue()));
        return child;
    }

    private void pump(InputStream from) {
        try (log) {
            log.pump(from);
        } catch (IOException e) {
            LOG.debug("A log ended", e);
        }
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    public long pid() {
        return process.pid();
    }

    /** Milliseconds since the epoch. */
    public long started() {
        return started;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Completes with the exit code; 128 + n stands for the signal n. */
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    public List<String> lastLines(int count) {
        return log.lastLines(count);
    }

    /** Keeps values out of the log from now on. */
    public void hide(List<String> values) {
        log.hide(values);
    }

    public InputStream output() {
        return process.getInputStream();
    }

    public OutputStream input() {
        return process.getOutputStream();
    }

    /** Sends SIGINT, which Java has no call for. */
    public void interrupt() throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends it at once with everything it started. Through its handle, as what it printed last is read no more otherwise. */
    public void kill() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.toHandle().destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** Closes its input, which asks it to end, and kills it when it has not after {@code grace}. */
    public void end(Duration grace) {
        List<ProcessHandle> descendants = process.descendants().toList();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("The input of {} was closed already", process.pid());
        }
        exit.copy()
                .completeOnTimeout(-1, grace.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> {
                    process.toHandle().destroyForcibly();
                    descendants.forEach(ProcessHandle::destroyForcibly);
                });
    }
}
