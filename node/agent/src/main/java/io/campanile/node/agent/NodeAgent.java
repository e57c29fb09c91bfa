package io.campanile.node.agent;

import static java.util.Objects.requireNonNull;

import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.kernel.KernelPool;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.run.Desk;
import io.campanile.node.agent.run.Notebooks;
import io.campanile.node.agent.run.ResultUpload;
import io.campanile.node.agent.run.SecretAnswers;
import io.campanile.node.agent.spool.Spool;
import io.campanile.node.agent.stream.ControlStream;
import io.campanile.node.agent.stream.Endpoints;
import io.campanile.node.agent.stream.WorkStream;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;

/** The parts of an agent put together, and its life: start, assignment, stop. */
public final class NodeAgent {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(4);
    private static final Duration STATUS_DELAY = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final NodeConfig config;
    private final Distribution distribution;
    private final NodeReport report;
    private final long started = System.currentTimeMillis();
    private final Loop loop = new Loop();
    private final ZContext context = new ZContext(1);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Endpoints endpoints;
    private final AssignmentFile assignmentFile;
    private final Spool spool;
    private final Driver driver;
    private final KernelPool kernels;
    private final ControlStream control;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile String workToken = "";
    private volatile @Nullable Assignment assignment;
    private @Nullable Notebooks notebooks;
    private @Nullable WorkStream work;
    private boolean statusDue;
    private boolean stopping;

    public NodeAgent(NodeConfig config, Distribution distribution) throws IOException {
        this.config = config;
        this.distribution = distribution;
        Path folder = config.folder();
        Files.createDirectories(folder.resolve("results"));
        Files.createDirectories(distribution.temp());
        this.endpoints = new Endpoints(Path.of(config.endpointsFile()));
        this.assignmentFile = new AssignmentFile(folder.resolve("assignment.json"));
        this.assignment = assignmentFile.read().orElse(null);
        this.spool = Spool.open(folder.resolve("spool"));
        Notebooks.closeAbandoned(spool);
        this.driver = new Driver(loop, DriverLaunch.randomToken(), this::driverChanged);
        this.kernels = new KernelPool(
                loop,
                new KernelProcess.Site(
                        folder, DriverLaunch.environment(config, distribution), context, spool::awaitRoom),
                distribution.kernels(),
                config.parkKernels(),
                this::changed);
        this.report = new NodeReport(driver, kernels, started);
        this.control = new ControlStream(
                http,
                endpoints,
                "node." + config.nodeId() + "." + config.secret(),
                this::hello,
                message -> loop.execute(() -> controlled(message)));
    }

    /** Starts everything and returns. */
    public void start() throws IOException {
        driver.start(DriverLaunch.command(config, distribution, driver.token()));
        control.start();
        loop.execute(() -> {
            kernels.fill();
            if (assignment != null) {
                openWork(assignment);
            }
        });
        loop.every(HEARTBEAT, this::sendStatus);
        loop.every(Duration.ofSeconds(1), this::deadMan);
    }

    /** Returns when the node has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    private void controlled(ControlMessage message) {
        if (message instanceof ControlMessage.Welcome welcome) {
            renew(welcome.workToken());
        } else if (message instanceof ControlMessage.Assign assign) {
            assign(assign);
        } else if (message instanceof ControlMessage.Stop stop) {
            stop(stop.reason());
        }
    }

    private void renew(@Nullable String token) {
        if (token != null) {
            workToken = token;
        }
    }

    /** A node belongs to one cluster for its whole life: what it holds of one owner is never shown to another. */
    private void assign(ControlMessage.Assign assign) {
        Assignment known = assignment;
        if (known != null && !known.clusterId().equals(assign.assignment().clusterId())) {
            LOG.atError()
                    .addKeyValue("clusterId", assign.assignment().clusterId())
                    .log("A second assignment is refused");
            return;
        }
        renew(assign.workToken());
        try {
            assignmentFile.write(assign.assignment());
        } catch (IOException e) {
            LOG.error("The assignment cannot be kept", e);
        }
        assignment = assign.assignment();
        if (known == null) {
            LOG.atInfo()
                    .addKeyValue("clusterId", assign.assignment().clusterId())
                    .log("Node assigned");
        }
        openWork(assign.assignment());
    }

    private void openWork(Assignment assigned) {
        if (work != null || stopping) {
            return;
        }
        try {
            OwnersWarehouse.link(config, assigned);
            WorkspaceFiles.link(config, assigned);
            driver.restoreWarehouse();
        } catch (IOException e) {
            LOG.error("The owner's tables cannot be reached; this node keeps its own", e);
        }
        new FilesToken(http, endpoints, config, () -> workToken, loop).keep(Path.of(assigned.filesRoot()));
        Path results = config.folder().resolve("results");
        var uploads = new ResultUpload(http, endpoints, results, () -> workToken, loop);
        var secrets = new SecretAnswers(http, endpoints, () -> workToken, loop, this::hide);
        var desk = new Desk(
                assigned,
                driver,
                kernels,
                loop,
                results,
                FilesToken.of(config),
                secrets,
                config.driver().hidden(),
                this::passing,
                this::changed);
        var books = new Notebooks(desk, spool, uploads, this::resend);
        notebooks = books;
        var stream = new WorkStream(http, endpoints, spool, () -> workToken, () -> workHello(books), this::worked);
        work = stream;
        stream.start();
    }

    /** Spark logs what fails in a query, values and all; a kernel logs what its code throws. */
    private void hide(String value) {
        driver.hide(List.of(value));
        kernels.all().forEach(kernel -> kernel.process().hide(List.of(value)));
    }

    /** Called on the work connection's thread: the list must fit the moment the connection begins. */
    private WorkMessage.Hello workHello(Notebooks books) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            Assignment mine = requireNonNull(assignment);
                            return new WorkMessage.Hello(
                                    config.nodeId(), mine.clusterId(), mine.epoch(), books.infos(), books.runs());
                        },
                        loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void worked(WorkMessage message) {
        if (message instanceof WorkMessage.Ack ack) {
            spool.ack(ack.runId(), ack.seq());
            return;
        }
        loop.execute(() -> {
            // While it stops it still says of each new run that it will not have it.
            if (notebooks != null && (!stopping || message instanceof WorkMessage.Execute)) {
                notebooks.handle(message);
            }
        });
    }

    private void passing(WorkMessage message) {
        if (work != null) {
            work.send(message);
        }
    }

    private void resend(long runId) {
        if (work != null) {
            work.resend(runId);
        }
    }

    private void driverChanged() {
        if (notebooks != null) {
            notebooks.driverChanged();
        }
        changed();
    }

    /** Several changes of one moment make one status. */
    private void changed() {
        if (!statusDue) {
            statusDue = true;
            loop.after(STATUS_DELAY, () -> {
                statusDue = false;
                sendStatus();
            });
        }
    }

    private void sendStatus() {
        if (!stopping) {
            control.send(new ControlMessage.Status(report.status(notebooks)));
        }
    }

    private ControlMessage.Hello hello() {
        return CompletableFuture.supplyAsync(
                        () -> new ControlMessage.Hello(
                                config.nodeId(),
                                ProcessHandle.current().pid(),
                                started,
                                assignment,
                                report.status(notebooks)),
                        loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void deadMan() {
        if (control.silentSeconds() >= config.deadManSeconds()) {
            stop("No contact with cluster-manager for " + config.deadManSeconds() + " s");
        }
    }

    /** Ends every process of this node; what was printed is given a last chance to be stored. */
    public void stop(String reason) {
        if (stopping) {
            return;
        }
        stopping = true;
        LOG.atInfo().addKeyValue("reason", reason).log("Node stops");
        if (notebooks != null) {
            notebooks.stopAll("The cluster was stopped: " + reason);
        }
        kernels.close();
        driver.end(GRACE);
        control.send(new ControlMessage.Bye(reason));
        var last = new Thread(this::leave, "stop");
        last.start();
    }

    private void leave() {
        long deadline = System.nanoTime() + GRACE.plusSeconds(3).toNanos();
        try {
            while (System.nanoTime() < deadline && (!spool.runs().isEmpty() || anyAlive())) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            control.close();
            if (work != null) {
                work.close();
            }
            killAll();
            spool.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The spool was not closed", e);
        } finally {
            loop.close();
            stopped.countDown();
        }
    }

    private boolean anyAlive() {
        return driver.process().filter(ChildProcess::alive).isPresent()
                || kernels.all().stream().anyMatch(kernel -> kernel.process().alive());
    }

    /** The last resort of a process that is told to end at once. */
    void killAll() {
        driver.process().filter(ChildProcess::alive).ifPresent(ChildProcess::kill);
        kernels.all().forEach(KernelProcess::kill);
    }
}
