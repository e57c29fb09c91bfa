package io.campanile.kernel.spark;

import io.campanile.kernel.capture.CaptureInterceptor;
import io.campanile.kernel.cells.CellClasses;
import io.campanile.kernel.cells.CellRun;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.connect.proto.ExecutePlanResponse.ExecutionProgress;
import org.apache.spark.sql.connect.SparkSession;
import org.apache.spark.sql.connect.client.RetryPolicy;
import org.apache.spark.sql.connect.client.SparkConnectClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/** The notebook's Connect session. Making the session object calls nobody; the first query connects. */
public final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    /** Connect reports every 2 s unless told otherwise. */
    private static final String PROGRESS_INTERVAL = "spark.connect.progress.reportInterval";

    private static final int MAX_RETRIES = 7;
    private final CaptureInterceptor capture;
    private final ProgressInterceptor progress;
    private @Nullable Attachment attachment;
    private @Nullable SparkSession session;

    public Cluster(CellClasses cells, Consumer<ExecutionProgress> progressSink) {
        capture = new CaptureInterceptor(cells);
        progress = new ProgressInterceptor(progressSink);
    }

    /** Replaces an earlier attachment; a new notebook's kernel is a new process, a restarted driver is not. */
    public synchronized void attach(Attachment to) {
        attachment = to;
        session = null;
    }

    public synchronized boolean isAttached() {
        return attachment != null;
    }

    public synchronized Attachment attachment() {
        Attachment current = attachment;
        if (current == null) {
            throw new NotAttachedException();
        }
        return current;
    }

    public synchronized SparkSession session() {
        SparkSession current = session;
        if (current == null) {
            current = open(attachment());
            session = current;
        }
        return current;
    }

    /** Makes the connection and asks for frequent progress, so that the first query need not wait for either. */
    public void warmUp() {
        try {
            session().conf().set(PROGRESS_INTERVAL, "200ms");
        } catch (Exception e) {
            // Scala throws checked exceptions undeclared. The first cell that needs Spark says it better.
            LOG.warn("The cluster does not answer yet: {}", e.toString());
        }
    }

    /** What a cell does on the cluster, marked with a tag so that it can be interrupted. */
    public synchronized CellRun.@Nullable Remote work(String tag) {
        return attachment == null ? null : new TaggedWork(this, tag);
    }

    private SparkSession open(Attachment to) {
        SparkConnectClient client = SparkConnectClient.builder()
                .host(to.host())
                .port(to.port())
                .disableSsl()
                .userId(to.userId())
                .userName(to.userId())
                .sessionId(to.sessionId())
                .retryPolicy(impatient())
                .interceptor(progress)
                .interceptor(capture)
                .interceptor(new BearerToken(to.token()))
                .build();
        SparkSession opened = SparkSession.builder().client(client).create();
        // Another kernel of the same notebook may live on with the same session.
        opened.releaseSessionOnClose_$eq(false);
        capture.uploadThrough(opened);
        return opened;
    }

    /** About ten seconds in all; the client's own policy waits ten minutes for a driver that is gone. */
    private static RetryPolicy impatient() {
        RetryPolicy standard = RetryPolicy.defaultPolicy();
        return standard.copy(
                Option.apply(MAX_RETRIES),
                standard.initialBackoff(),
                Option.apply(FiniteDuration.apply(2, TimeUnit.SECONDS)),
                standard.backoffMultiplier(),
                standard.jitter(),
                standard.minJitterThreshold(),
                standard.canRetry(),
                standard.name());
    }

    private record TaggedWork(Cluster cluster, String tag) implements CellRun.Remote {
        @Override
        public void mark() {
            // Tags belong to a thread, and the worker may be a new one.
            SparkSession spark = cluster.session();
            spark.clearTags();
            spark.addTag(tag);
        }

        @Override
        public void interrupt() {
            try {
                cluster.session().interruptTag(tag);
            } catch (Exception e) {
                // Scala throws checked exceptions undeclared; the thread is interrupted whatever happened here.
                LOG.warn("Spark was not interrupted: {}", e.toString());
            }
        }
    }

    /** A cell uses Spark in a kernel that has no cluster. */
    @SuppressWarnings("serial")
    public static final class NotAttachedException extends IllegalStateException {
        NotAttachedException() {
            super("This notebook has no cluster attached: start one to use spark");
        }
    }
}
