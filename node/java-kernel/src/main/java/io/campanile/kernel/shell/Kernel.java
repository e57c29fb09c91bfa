package io.campanile.kernel.shell;

import io.campanile.kernel.cells.CellClasses;
import io.campanile.kernel.cells.CellRun;
import io.campanile.kernel.cells.JavaCells;
import io.campanile.kernel.notebook.Dbutils;
import io.campanile.kernel.notebook.Notebook;
import io.campanile.kernel.output.CellOutput;
import io.campanile.kernel.output.Rendering;
import io.campanile.kernel.output.ResultWriter;
import io.campanile.kernel.secrets.NodeSecrets;
import io.campanile.kernel.secrets.Redaction;
import io.campanile.kernel.spark.Attachment;
import io.campanile.kernel.spark.Cluster;
import io.campanile.kernel.spark.SparkErrors;
import io.campanile.kernel.wire.ConnectionFile;
import io.campanile.kernel.wire.Heartbeat;
import io.campanile.kernel.wire.Iopub;
import io.campanile.kernel.wire.Json;
import io.campanile.kernel.wire.MessageCodec;
import io.campanile.kernel.wire.RequestLoop;
import io.campanile.kernel.wire.Signer;
import io.campanile.node.files.NodeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZContext;

/** The kernel's parts, put together. */
public final class Kernel implements Notebook.Services {
    private final ZContext context = new ZContext();
    private final MessageCodec codec;
    private final RequestLoop shell;
    private final RequestLoop control;
    private final Iopub iopub;
    private final Redaction redaction = new Redaction();
    private final NodeSecrets secrets;
    private final CellOutput output;
    private final Cluster cluster;
    private final Rendering rendering;
    private final CellRun run;
    private final Heartbeat heartbeat;
    private final Runnable exit;
    private final CellClasses classes = new CellClasses();

    /** Binds the sockets; {@code exit} ends the process after a shutdown request. */
    public Kernel(ConnectionFile connection, Runnable exit) {
        this.exit = exit;
        codec = new MessageCodec(new Signer(connection.key()));
        shell = new RequestLoop(context, connection.shellAddress(), codec);
        control = new RequestLoop(context, connection.controlAddress(), codec);
        iopub = new Iopub(context, connection.iopubAddress(), codec);
        secrets = new NodeSecrets(iopub, redaction);
        heartbeat = new Heartbeat(context, connection.heartbeatAddress());
        // No cell may read input; the socket is bound because clients connect to it.
        new RequestLoop(context, connection.stdinAddress(), codec);
        output = new CellOutput(iopub, redaction);
        cluster = new Cluster(classes, output::progress);
        rendering = new Rendering(
                new ResultWriter(ResultWriter.Limits.STANDARD, redaction),
                () -> cluster.attachment().resultsDir(),
                redaction);
        run = new CellRun(classes.loader());
    }

    /** Serves until the process ends. */
    public void serve() {
        output.captureStandardStreams();
        Notebook.bind(this);
        iopub.start();
        heartbeat.start();
        iopub.publishSurely("status", Json.object(), Json.object().put("execution_state", "starting"));
        ControlRequests controlRequests = new ControlRequests(
                codec, run, this::attach, secrets::answered, classes.libraries()::add, this::shutdown);
        Thread thread = new Thread(() -> control.run(controlRequests, () -> false), "control");
        thread.setDaemon(true);
        thread.start();

        JavaCells java = new JavaCells(classes, run, SparkErrors::of);
        Preamble preamble = new Preamble(java, cluster);
        CellExecution execution = new CellExecution(
                run, java, new SqlCells(cluster, run, rendering), cluster, output, rendering, preamble);
        ShellRequests shellRequests =
                new ShellRequests(codec, iopub, output, execution, java.analysis(), controlRequests);
        shell.run(shellRequests, new WarmUp(preamble, java, run)::step);
    }

    private void attach(Attachment to) {
        try {
            java.nio.file.Files.createDirectories(to.filesRoot());
        } catch (IOException e) {
            throw new IllegalArgumentException("files_root cannot be made: " + e.getMessage(), e);
        }
        to.hidden().forEach(redaction::remember);
        to.jars().forEach(classes.libraries()::add);
        cluster.attach(to);
        Thread thread = new Thread(cluster::warmUp, "connect");
        thread.setDaemon(true);
        thread.start();
    }

    private void shutdown() {
        output.flush();
        Thread thread = new Thread(exit, "shutdown");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void display(@Nullable Object value) {
        try {
            output.display(rendering.display(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void displayHtml(String html) {
        output.display(Rendering.html(html));
    }

    @Override
    public SparkSession spark() {
        return cluster.session();
    }

    @Override
    public Dbutils dbutils() {
        Attachment attachment = cluster.attachment();
        return new Dbutils(new NodeFiles(attachment.filesRoot(), attachment.filesAccess()), secrets);
    }
}
