package io.campanile.bench;

import io.campanile.acceptance.NotebookSocket;
import io.campanile.node.agent.Distribution;
import io.campanile.node.agent.kernel.DirectKernel;
import io.campanile.node.agent.kernel.KernelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A warm {@code 1+1} on every road there is: through {@code /ws/v1}, the same kernel alone over ZeroMQ, stock Jupyter over
 * its WebSocket and its kernel alone. The roads take turns, so that a busy machine is as bad to each of them.
 */
final class WarmCell {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WARM_UP = 50;
    private static final int ROUNDS = 200;
    private static final String CELL = "1+1";
    private static final String PEER = "stock Jupyter Notebook with ipykernel";

    private final NotebookSocket socket;
    private final Path folder;
    private final Figures figures;

    WarmCell(NotebookSocket socket, Path folder, Figures figures) {
        this.socket = socket;
        this.folder = folder;
        this.figures = figures;
    }

    /** One way to have a cell executed. */
    private interface Road {
        void execute() throws Exception;
    }

    void measure() throws Exception {
        Path home = Path.of(System.getProperty("campanile.script")).resolveSibling("launcher/target/dist");
        Path temp = Files.createDirectories(folder.resolve("direct-java").resolve("tmp"));
        KernelSpec java = new Distribution(home, folder.resolve("data"), temp)
                .kernels().stream().filter(KernelSpec::attaches).findFirst().orElseThrow();
        String cell = socket.insertCell("JAVA", CELL);
        try (DirectKernel kernel = new DirectKernel(java, folder.resolve("direct-java"))) {
            Times ours = new Times();
            Times alone = new Times();
            Stages stages = new Stages();
            turns(ours, () -> run(cell, stages), alone, () -> kernel.execute(CELL));
            figures.row("warm Java 1+1 through /ws/v1: p50 of " + ROUNDS, ours.p50(), "ms", 60);
            figures.row("warm Java 1+1 through /ws/v1: p95", ours.p95(), "ms");
            figures.row("  of which until the queue has it on disk: p50", stages.queued.p50(), "ms");
            figures.row("  from there until its node is told: p50", stages.sent.p50(), "ms");
            figures.row("  from there until the kernel has it: p50", stages.begun.p50(), "ms");
            figures.row("  from there until its end is on disk and told: p50", stages.ended.p50(), "ms");
            figures.row("the Java kernel alone over ZeroMQ: p50", alone.p50(), "ms", 40);
            figures.row("the Java kernel alone over ZeroMQ: p95", alone.p95(), "ms");
            figures.row("/ws/v1 adds at p50", ours.p50() - alone.p50(), "ms", 5);
            figures.row("/ws/v1 : kernel alone at p50", ours.p50() / alone.p50(), "x", 1.15);
            peer(ours.p50());
        }
    }

    /** The stages of a run, as this client hears of them. */
    private static final class Stages {
        private final Times queued = new Times();
        private final Times sent = new Times();
        private final Times begun = new Times();
        private final Times ended = new Times();
    }

    private void run(String cell, Stages stages) throws Exception {
        long began = System.nanoTime();
        long run = socket.run(cell);
        stages.queued.since(began);
        began = System.nanoTime();
        socket.awaitRun(run, state -> !state.equals("queued"), LIMIT);
        stages.sent.since(began);
        began = System.nanoTime();
        socket.awaitRun(run, state -> !state.matches("queued|starting"), LIMIT);
        stages.begun.since(began);
        began = System.nanoTime();
        LineBench.succeeded(socket.ended(run, LIMIT));
        stages.ended.since(began);
    }

    private void peer(double ours) throws Exception {
        if (JupyterPeer.missing().isPresent()) {
            figures.skip(PEER, JupyterPeer.missing().get());
            return;
        }
        try (JupyterPeer jupyter = JupyterPeer.start(folder.resolve("jupyter"));
                JupyterPeer.Channels channels = jupyter.kernel();
                DirectKernel kernel =
                        new DirectKernel(KernelSpec.read(JupyterPeer.kernelspec()), folder.resolve("direct-python"))) {
            Times through = new Times();
            Times alone = new Times();
            turns(through, () -> channels.execute(CELL), alone, () -> kernel.execute(CELL));
            figures.row(PEER + ", its WebSocket: p50", through.p50(), "ms");
            figures.row("ipykernel alone over ZeroMQ: p50", alone.p50(), "ms");
            figures.row("Jupyter's server adds at p50", through.p50() - alone.p50(), "ms");
            figures.row("Java 1+1 through /ws/v1 : 1+1 through Jupyter at p50", ours / through.p50(), "x", 0.33);
        }
    }

    private static void turns(Times first, Road one, Times second, Road other) throws Exception {
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long began = System.nanoTime();
            one.execute();
            double took = Times.millis(began);
            began = System.nanoTime();
            other.execute();
            if (round >= 0) {
                first.add(took);
                second.since(began);
            }
        }
    }
}
