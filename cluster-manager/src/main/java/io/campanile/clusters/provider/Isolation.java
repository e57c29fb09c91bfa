package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import io.campanile.common.json.Json;
import io.campanile.common.service.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether nodes of this machine are kept apart, and how that came.
 *
 * @param sandbox in which nodes run; null: they are plain processes
 * @param opens whether a node that nobody has can be given to somebody later
 * @param limits what keeps a node to its memory; null where nothing can
 * @param singleUser why there are clusters of one person only; null: everybody may have some
 * @param says which it is, for whoever starts the platform
 */
public record Isolation(
        @Nullable Sandbox sandbox,
        boolean opens,
        @Nullable MemoryGroups limits,
        @Nullable String singleUser,
        String says) {
    public static final String AUTO = "auto";
    public static final String SANDBOX = "sandbox";
    public static final String PROCESS = "process";
    /** In the data directory: which it is now, for whoever shows it. */
    public static final String FILE = "run/isolation.json";

    private static final String REMEDY =
            "install bubblewrap 0.8 or newer (Debian: apt-get install bubblewrap)" + " and start the platform again";

    public Isolation {
        requireNonNull(says, "says");
    }

    /** What is written there: {@code isolation} is sandbox or process. */
    public record Note(String isolation, String says) {}

    /** {@code wanted}: auto, sandbox or process. Refuses when it must be the sandbox and cannot. */
    public static Isolation choose(String wanted, Path dataDir, Path home) {
        return choose(wanted, dataDir, Sandbox.programsOf(home), Sandbox.PROGRAM);
    }

    /** {@code wrapper}: the program that makes sandboxes. */
    static Isolation choose(String wanted, Path dataDir, List<Path> programs, String wrapper) {
        Path absolute = dataDir.toAbsolutePath().normalize();
        if (wanted.equals(PROCESS)) {
            return new Isolation(
                    null,
                    true,
                    null,
                    null,
                    "Nodes are plain processes (cluster-manager.isolation = process): code in a cell may do whatever"
                            + " the platform may, and reads what everybody has.");
        }
        Sandbox sandbox = new Sandbox(absolute, programs, wrapper);
        try {
            boolean opens = probe(absolute, programs, wrapper);
            return new Isolation(sandbox, opens, MemoryGroups.ofMachine().orElse(null), null, sandboxed(opens));
        } catch (IOException e) {
            if (wanted.equals(SANDBOX)) {
                throw new ProviderException(
                        "cluster-manager.isolation is sandbox, but nodes cannot be put into one: " + e.getMessage()
                                + "; " + REMEDY,
                        e);
            }
            return new Isolation(
                    null,
                    true,
                    null,
                    "This installation cannot keep nodes apart (single-user isolation), and somebody else has clusters:"
                            + " an administrator can " + REMEDY + ", or set cluster-manager.isolation = process, which"
                            + " lets everybody's code read everything",
                    "Single-user isolation: nodes are plain processes, because they cannot be put into a sandbox ("
                            + e.getMessage() + "). To let several people have clusters, " + REMEDY + ".");
        }
    }

    private static String sandboxed(boolean opens) {
        return "Each node runs in a sandbox of its own (bubblewrap)."
                + (opens ? "" : " The warm pool is off: only root can give a node that runs to its owner.");
    }

    public boolean isSandbox() {
        return sandbox != null;
    }

    /** Keeps what was chosen where {@code up} and {@code status} look. */
    public void note(Path dataDir) {
        Path file = dataDir.resolve(FILE);
        Path next = file.resolveSibling("isolation.json.next");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(next, Json.write(new Note(isSandbox() ? SANDBOX : PROCESS, says)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ProviderException("The isolation of nodes cannot be noted", e);
        }
    }

    /** What was last noted. */
    public static Optional<Note> noted(Path dataDir) {
        try {
            return Optional.of(Json.MAPPER.readValue(dataDir.resolve(FILE).toFile(), Note.class));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /**
     * Starts a program in a sandbox like that of a node, and gives it an owner: whether a machine lets us is known only by
     * doing it. True when the second works too.
     */
    private static boolean probe(Path dataDir, List<Path> programs, String wrapper) throws IOException {
        Path scratch = dataDir.resolve("run").resolve("sandbox-probe");
        try {
            return probe(
                    new Sandbox(scratch, programs, wrapper),
                    scratch.resolve("nodes").resolve("probe"));
        } finally {
            Folders.delete(scratch);
        }
    }

    private static boolean probe(Sandbox sandbox, Path folder) throws IOException {
        Path said = Files.createDirectories(folder).resolve("said");
        // It lives until its input closes.
        Process process = new ProcessBuilder(sandbox.wrap(folder, null, List.of("/usr/bin/cat")))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            return opened(sandbox, agentOf(process, said));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean opened(Sandbox sandbox, long pid) {
        try {
            new SandboxOpening(sandbox).open(pid, new NodeOwner(1, 1, null));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The first process inside, as soon as it is there. {@link IOException} with what was said when it never is. */
    static long agentOf(Process wrapper, Path said) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        try {
            while (System.nanoTime() < deadline) {
                if (wrapper.waitFor(2, TimeUnit.MILLISECONDS)) {
                    throw new IOException(lastLine(said));
                }
                Optional<Long> first = wrapper.children()
                        .flatMap(ProcessHandle::children)
                        .map(ProcessHandle::pid)
                        .findFirst();
                if (first.isPresent()) {
                    return first.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wrapper.destroyForcibly();
        throw new IOException("the sandbox did not begin");
    }

    static String lastLine(Path said) throws IOException {
        List<String> lines = Files.readAllLines(said);
        return lines.isEmpty() ? Sandbox.PROGRAM + " ended" : lines.get(lines.size() - 1);
    }
}
