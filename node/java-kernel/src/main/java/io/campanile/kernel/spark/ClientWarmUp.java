package io.campanile.kernel.spark;

import io.campanile.kernel.cells.CellClasses;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.ArtifactStatusesRequest;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.connect.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkproject.io.grpc.StatusRuntimeException;

/** Loads the classes of the Connect client while the kernel is parked: a session whose calls go to a closed port. */
public final class ClientWarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWarmUp.class);
    /** TCP's "discard" port: nobody listens there. */
    private static final int CLOSED_PORT = 9;

    private static final long DEADLINE_MILLIS = 500;

    private ClientWarmUp() {}

    public static void run() {
        Cluster nowhere = new Cluster(new CellClasses(), progress -> {});
        nowhere.attach(new Attachment(
                "127.0.0.1", CLOSED_PORT, "none", "none", new UUID(0, 0).toString(), Path.of(""), Path.of("")));
        SparkSession session = nowhere.session();
        SparkSession.clearDefaultSession();
        SparkSession.clearActiveSession();
        LOG.debug(
                "{}",
                session.range(3).toDF("n").filter("n > 1").as(Encoders.LONG()).hashCode());
        try {
            SparkConnectServiceGrpc.newBlockingStub(session.client().channel())
                    .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                    .artifactStatus(ArtifactStatusesRequest.getDefaultInstance());
        } catch (StatusRuntimeException expected) {
            LOG.debug("The closed port refused as it should");
        } finally {
            session.client().channel().shutdownNow();
        }
    }
}
