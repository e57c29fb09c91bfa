package io.campanile.kernel.spark;

import io.campanile.kernel.cells.CellClasses;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.ArtifactStatusesRequest;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoder;
import org.apache.spark.sql.connect.SparkSession;
import org.apache.spark.sql.connect.client.CloseableIterator$;
import org.apache.spark.sql.connect.client.SparkResult;
import org.apache.spark.sql.connect.client.arrow.ArrowSerializer$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkproject.com.google.protobuf.ByteString;
import org.sparkproject.io.grpc.StatusRuntimeException;
import org.sparkproject.org.apache.arrow.memory.BufferAllocator;
import org.sparkproject.org.apache.arrow.memory.RootAllocator;
import scala.jdk.javaapi.CollectionConverters;

/** Loads the classes of the Connect client while the kernel is parked: a session whose calls go to a closed port. */
public final class ClientWarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWarmUp.class);
    /** TCP's "discard" port: nobody listens there. */
    private static final int CLOSED_PORT = 9;

    private static final long DEADLINE_MILLIS = 500;

    private ClientWarmUp() {}

    public static void run() {
        plan();
        decode();
    }

    private static void plan() {
        Cluster nowhere = new Cluster(new CellClasses(), progress -> {});
        nowhere.attach(new Attachment(
                "127.0.0.1",
                CLOSED_PORT,
                "none",
                "none",
                new UUID(0, 0).toString(),
                Path.of(""),
                Path.of(""),
                Path.of(""),
                List.of(),
                List.of()));
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

    /** Reads an answer as the client reads that of a query: the classes of Arrow alone take most of a second. */
    private static void decode() {
        AgnosticEncoder<Long> longs = (AgnosticEncoder<Long>) Encoders.LONG();
        try (BufferAllocator allocator = new RootAllocator()) {
            ByteString rows = ArrowSerializer$.MODULE$.serialize(
                    CollectionConverters.asScala(List.of(1L).iterator()), longs, allocator, "UTC", false);
            ExecutePlanResponse answer = ExecutePlanResponse.newBuilder()
                    .setArrowBatch(ExecutePlanResponse.ArrowBatch.newBuilder()
                            .setRowCount(1)
                            .setData(rows))
                    .build();
            var answers = CloseableIterator$.MODULE$.apply(
                    CollectionConverters.asScala(List.of(answer).iterator()));
            try (SparkResult<Long> result = new SparkResult<>(answers, allocator, longs, "UTC")) {
                LOG.debug("{}", result.toArray());
            }
        }
    }
}
