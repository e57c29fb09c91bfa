package io.campanile.node.agent;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.kernel.KernelPool;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.library.Libraries;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.run.Desk;
import io.campanile.node.agent.run.Notebooks;
import io.campanile.node.agent.run.ResultUpload;
import io.campanile.node.agent.run.SecretAnswers;
import io.campanile.node.agent.spool.Spool;
import io.campanile.node.agent.stream.WorkStream;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.Decommission;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;

/** A node with a driver and the kernels of its notebooks: it runs cells, and carries what they print to the service. */
final class DriverNode implements NodeRole {
    private static final Logger LOG = LoggerFactory.getLogger(DriverNode.class);

    private final Surroundings node;
    private final NodeConfig.Driver settings;
    private final Loop loop;
    private final Spool spool;
    private final Driver driver;
    private final KernelPool kernels;
    private final NodeReport report;
    private final Libraries libraries;
    private @Nullable Assignment assignment;
    private @Nullable Notebooks notebooks;
    private volatile @Nullable WorkStream work;
    private boolean stopping;

    DriverNode(Surroundings node, NodeConfig.Driver settings) throws IOException {
        this.node = node;
        this.settings = settings;
        this.loop = node.loop();
        NodeConfig config = node.config();
        Path folder = config.folder();
        Files.createDirectories(folder.resolve("results"));
        this.spool = Spool.open(folder.resolve("spool"));
        Notebooks.closeAbandoned(spool);
        this.driver = new Driver(loop, DriverLaunch.randomToken(), this::driverChanged);
        node.redaction().hide(List.of(driver.token()));
        this.kernels = new KernelPool(
                loop,
                new KernelProcess.Site(
                        folder,
                        NodeProcesses.environment(config, node.distribution()),
                        new ZContext(1),
                        spool::awaitRoom,
                        node.redaction()),
                node.distribution().kernels(),
                config.parkKernels(),
                node.changed());
        this.libraries = new Libraries(
                loop, driver, LibraryLaunch.site(config, settings, node.distribution()), this::give, node.changed());
        this.report = new NodeReport(driver, kernels, libraries, node.started());
    }

    @Override
    public void start() throws IOException {
        driver.start(DriverLaunch.command(node.config(), settings, node.distribution(), driver.token()));
        loop.execute(kernels::fill);
    }

    @Override
    public void assigned(Assignment assigned) {
        assignment = assigned;
        if (work != null || stopping) {
            return;
        }
        NodeConfig config = node.config();
        try {
            OwnersWarehouse.link(config, assigned);
            WorkspaceFiles.link(config, assigned);
            driver.restoreWarehouse();
        } catch (IOException e) {
            LOG.error("The owner's tables cannot be reached; this node keeps its own", e);
        }
        new FilesToken(node.http(), node.endpoints(), config, node.token(), loop).keep(Path.of(assigned.filesRoot()));
        libraries.begin();
        openWork(assigned);
    }

    private void openWork(Assignment assigned) {
        Path results = node.config().folder().resolve("results");
        var uploads = new ResultUpload(node.http(), node.endpoints(), results, node.token(), loop);
        var secrets = new SecretAnswers(node.http(), node.endpoints(), node.token(), loop, this::hide);
        var desk = new Desk(
                assigned,
                driver,
                kernels,
                loop,
                results,
                FilesToken.of(node.config()),
                secrets,
                libraries::jars,
                settings.hidden(),
                this::passing,
                node.changed());
        var books = new Notebooks(desk, spool, uploads, this::resend);
        notebooks = books;
        var stream = new WorkStream(
                node.http(), node.endpoints(), spool, node.token(), () -> workHello(books), this::worked);
        work = stream;
        stream.start();
    }

    @Override
    public void order(ControlMessage order) {
        if (order instanceof Decommission decommission) {
            driver.decommission(decommission.executorIds());
        }
        if (order instanceof ControlMessage.Libraries wanted && !stopping) {
            libraries.wanted(wanted);
        }
    }

    /** Kernels that run get the jars for their next cell; those that come, with their attachment. */
    private void give(List<String> jars) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        jars.forEach(content.putArray("jars")::add);
        kernels.all().stream()
                .filter(kernel -> kernel.spec().attaches() && kernel.ready().isDone())
                .forEach(kernel -> kernel.control("campanile_libraries_request", content));
    }

    @Override
    public NodeStatus status() {
        return report.status(notebooks);
    }

    /** Spark logs what fails in a query, values and all; a kernel logs what its code throws. */
    private void hide(String value) {
        node.redaction().hide(List.of(value));
        driver.hide(List.of(value));
        kernels.all().forEach(kernel -> kernel.process().hide(List.of(value)));
    }

    /** Called on the work connection's thread: the list must fit the moment the connection begins. */
    private WorkMessage.Hello workHello(Notebooks books) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            Assignment mine = requireNonNull(assignment);
                            return new WorkMessage.Hello(
                                    node.config().nodeId(),
                                    mine.clusterId(),
                                    mine.epoch(),
                                    books.infos(),
                                    books.runs());
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
        WorkStream stream = work;
        if (stream != null) {
            stream.send(message);
        }
    }

    private void resend(long runId) {
        WorkStream stream = work;
        if (stream != null) {
            stream.resend(runId);
        }
    }

    private void driverChanged() {
        libraries.driverChanged();
        if (notebooks != null) {
            notebooks.driverChanged();
        }
        node.changed().run();
    }

    /** What was printed is given a last chance to be stored. */
    @Override
    public void stop(String reason, Duration grace) {
        stopping = true;
        if (notebooks != null) {
            notebooks.stopAll("The cluster was stopped: " + reason);
        }
        libraries.close();
        kernels.close();
        driver.end(grace);
    }

    @Override
    public boolean ended() {
        return spool.runs().isEmpty()
                && driver.process().filter(ChildProcess::alive).isEmpty()
                && kernels.all().stream().noneMatch(kernel -> kernel.process().alive());
    }

    @Override
    public void killAll() {
        libraries.close();
        driver.process().filter(ChildProcess::alive).ifPresent(ChildProcess::kill);
        kernels.all().forEach(KernelProcess::kill);
    }

    @Override
    public void close() throws IOException {
        WorkStream stream = work;
        if (stream != null) {
            stream.close();
        }
        killAll();
        spool.close();
    }
}
