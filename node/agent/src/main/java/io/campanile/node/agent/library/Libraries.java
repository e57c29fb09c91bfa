package io.campanile.node.agent.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.process.AnswerLines;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.LibraryState;
import io.campanile.node.protocol.ControlMessage.LibraryStatus;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs what the cluster is to have: fetched by one process at a time, then given to the driver and, when it has them,
 * to the kernels. Those that are known when the node is assigned are there, or have failed, before the first cell runs.
 * Belongs to the agent's loop.
 */
public final class Libraries {
    private static final Logger LOG = LoggerFactory.getLogger(Libraries.class);
    private static final int REASON_LINES = 5;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Executor loop;
    private final Driver driver;
    private final Site site;
    private final Consumer<List<String>> give;
    private final Runnable changed;
    private final Map<String, Installation> known = new LinkedHashMap<>();
    private final List<JsonNode> artifacts = new ArrayList<>();
    private final List<String> jars = new ArrayList<>();
    private @Nullable ChildProcess process;
    private long mostBytes;
    private long seconds;
    private boolean begun;
    private boolean closed;

    /**
     * Where libraries are fetched to, and from.
     *
     * @param order what the process is told
     * @param provided Spark's own jars
     * @param files the workspace's files, and {@code filesAccess} how to ask for them where they are not there
     */
    public record Site(
            Path folder, Path order, Path provided, Path files, Path filesAccess, ChildProcess.Command command) {}

    /** {@code give} takes jars that the driver has, for the kernels. */
    public Libraries(Executor loop, Driver driver, Site site, Consumer<List<String>> give, Runnable changed) {
        this.loop = loop;
        this.driver = driver;
        this.site = site;
        this.give = give;
        this.changed = changed;
        driver.onInstalled(this::installed);
    }

    /** What the cluster is to have; what is known already goes on as it is. */
    public void wanted(ControlMessage.Libraries order) {
        mostBytes = order.mostBytes();
        seconds = order.seconds();
        boolean news = false;
        for (ControlMessage.Library library : order.libraries()) {
            news |= known.putIfAbsent(library.id(), new Installation(library)) == null;
        }
        if (news) {
            fetch();
            changed.run();
        }
    }

    /** The node is assigned: the workspace's files are at hand. Cells wait for what was asked for until now. */
    public void begin() {
        if (begun) {
            return;
        }
        begun = true;
        driver.hold(!known.isEmpty());
        fetch();
    }

    /** A driver that has just started takes what was fetched meanwhile. */
    public void driverChanged() {
        if (driver.state() == DriverState.READY) {
            known.values().stream()
                    .filter(Installation::fetched)
                    .forEach(library -> driver.install(library.id(), library.offer()));
        }
    }

    public List<LibraryStatus> statuses() {
        return known.values().stream().map(Installation::status).toList();
    }

    /** On the class path of driver and kernels, in this order. */
    public List<String> jars() {
        return List.copyOf(jars);
    }

    private void fetch() {
        List<ControlMessage.Library> missing = known.values().stream()
                .filter(Installation::pending)
                .map(Installation::library)
                .toList();
        if (!begun || closed || process != null || missing.isEmpty()) {
            settle();
            return;
        }
        try {
            Files.createDirectories(site.folder());
            PrivateFiles.write(site.order(), NodeJson.write(order(missing)));
            ChildProcess child = ChildProcess.startForAnswers(site.command());
            process = child;
            var reader = new Thread(
                    () -> {
                        AnswerLines.read(child, "process for libraries", answer -> loop.execute(() -> said(answer)));
                        child.exit().thenAcceptAsync(code -> ended(child, code, missing), loop);
                    },
                    "library-answers");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException e) {
            LOG.warn("Libraries are not fetched", e);
            fail(missing, "The installation was not started: " + e.getMessage());
        }
    }

    private Map<String, Object> order(List<ControlMessage.Library> missing) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("libraries", missing);
        order.put("present", artifacts);
        order.put("folder", site.folder().toString());
        order.put("provided", site.provided().toString());
        order.put("files_dir", site.files().toString());
        order.put("files_access", site.filesAccess().toString());
        order.put("most_bytes", mostBytes);
        order.put("seconds", seconds);
        return order;
    }

    private void said(JsonNode answer) {
        Installation library = known.get(answer.path("id").asText());
        if (library == null || closed) {
            return;
        }
        if (answer.has("failed")) {
            library.failed(answer.path("failed").asText());
        } else if (answer.has("jars")) {
            answer.path("artifacts").forEach(artifacts::add);
            library.fetched(answer);
            if (driver.state() == DriverState.READY) {
                driver.install(library.id(), library.offer());
            }
        } else {
            library.state(LibraryState.valueOf(answer.path("state").asText("RESOLVING")));
        }
        settle();
        changed.run();
    }

    /** What it has not spoken of will not come. */
    private void ended(ChildProcess child, int code, List<ControlMessage.Library> asked) {
        process = null;
        fail(
                asked.stream()
                        .filter(library -> known.containsKey(library.id())
                                && known.get(library.id()).unfinished())
                        .toList(),
                "The installation ended (exit " + code + "): " + String.join(" | ", child.lastLines(REASON_LINES)));
        fetch();
    }

    private void fail(List<ControlMessage.Library> libraries, String reason) {
        for (ControlMessage.Library library : libraries) {
            Installation installation = known.get(library.id());
            if (installation != null) {
                installation.failed(reason);
            }
        }
        settle();
        changed.run();
    }

    private void installed(String id, @Nullable String failure) {
        Installation library = known.get(id);
        if (library == null) {
            return;
        }
        if (failure != null) {
            library.failed(failure);
        } else {
            library.state(LibraryState.INSTALLED);
            List<String> fresh =
                    library.jars().stream().filter(jar -> !jars.contains(jar)).toList();
            jars.addAll(fresh);
            give.accept(fresh);
            LOG.atInfo().addKeyValue("library", id).log("Library installed");
        }
        settle();
        changed.run();
    }

    /** Cells wait for nothing more once everything that was asked for is there or has failed. */
    private void settle() {
        if (begun && known.values().stream().noneMatch(Installation::open)) {
            driver.hold(false);
        }
    }

    /** Nothing is fetched any more. */
    public void close() {
        closed = true;
        ChildProcess running = process;
        if (running != null) {
            running.end(GRACE);
        }
    }
}
