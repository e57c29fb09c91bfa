package io.campanile.node.agent;

import static java.util.Objects.requireNonNull;

import io.campanile.node.agent.logs.LogShipper;
import io.campanile.node.agent.process.Redaction;
import io.campanile.node.agent.stream.ControlStream;
import io.campanile.node.agent.stream.Endpoints;
import io.campanile.node.agent.usage.UsageMeter;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
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

/** The life of a node, whatever it is there for: start, assignment, stop. */
public final class NodeAgent {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(4);
    private static final Duration STATUS_DELAY = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** For the last lines of the logs. */
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private final NodeConfig config;
    private final long started = System.currentTimeMillis();
    private final Loop loop = new Loop();
    private final AssignmentFile assignmentFile;
    private final NodeRole role;
    private final ControlStream control;
    private final LogShipper logs;
    private final UsageMeter usage;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile String workToken = "";
    private @Nullable Assignment assignment;
    private boolean statusDue;
    private boolean stopping;

    public NodeAgent(NodeConfig config, Distribution distribution) throws IOException {
        this.config = config;
        Files.createDirectories(config.folder());
        Files.createDirectories(distribution.temp());
        this.assignmentFile = new AssignmentFile(config.folder().resolve("assignment.json"));
        this.assignment = assignmentFile.read().orElse(null);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var endpoints = new Endpoints(Path.of(config.endpointsFile()));
        var redaction = new Redaction(NodeProcesses.hidden(config.process()));
        redaction.hide(List.of(config.secret()));
        String bearer = "node." + config.nodeId() + "." + config.secret();
        this.logs = new LogShipper(http, endpoints, bearer, config.folder().resolve("logs"), redaction);
        this.usage = new UsageMeter(config.folder());
        this.role = role(new Surroundings(
                config, distribution, http, endpoints, loop, () -> workToken, this::changed, started, redaction));
        this.control = new ControlStream(
                http, endpoints, bearer, this::hello, message -> loop.execute(() -> controlled(message)));
    }

    private static NodeRole role(Surroundings node) throws IOException {
        NodeConfig.Driver driver = node.config().driver();
        return driver != null
                ? new DriverNode(node, driver)
                : new WorkerNode(node, requireNonNull(node.config().worker()));
    }

    /** Starts everything and returns. */
    public void start() throws IOException {
        role.start();
        control.start();
        loop.execute(() -> {
            if (assignment != null) {
                role.assigned(assignment);
                logs.start();
            }
        });
        usage.start();
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
        } else {
            role.order(message);
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
        role.assigned(assign.assignment());
        logs.start();
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
            control.send(new ControlMessage.Status(status()));
        }
    }

    private ControlMessage.NodeStatus status() {
        return role.status().withUsage(usage.last());
    }

    private ControlMessage.Hello hello() {
        return CompletableFuture.supplyAsync(
                        () -> new ControlMessage.Hello(
                                config.nodeId(), ProcessHandle.current().pid(), started, assignment, status()),
                        loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void deadMan() {
        if (control.silentSeconds() >= config.deadManSeconds()) {
            stop("No contact with cluster-manager for " + config.deadManSeconds() + " s");
        }
    }

    /** Ends every process of this node. */
    public void stop(String reason) {
        if (stopping) {
            return;
        }
        stopping = true;
        LOG.atInfo().addKeyValue("reason", reason).log("Node stops");
        role.stop(reason, GRACE);
        control.send(new ControlMessage.Bye(reason));
        var last = new Thread(this::leave, "stop");
        last.start();
    }

    private void leave() {
        long deadline = System.nanoTime() + GRACE.plusSeconds(3).toNanos();
        try {
            while (System.nanoTime() < deadline && !role.ended()) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            role.killAll();
            logs.finish(LAST_LINES);
            control.close();
            role.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The node was not closed in order", e);
        } finally {
            usage.close();
            loop.close();
            stopped.countDown();
        }
    }

    /** The last resort of a process that is told to end at once. */
    void killAll() {
        role.killAll();
    }
}
