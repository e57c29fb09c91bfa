package io.campanile.driver;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.AnalyzePlanRequest;
import org.apache.spark.connect.proto.ReleaseSessionRequest;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.connect.proto.UserContext;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.netty.NettyChannelBuilder;
import org.sparkproject.connect.grpc.stub.MetadataUtils;

/** Asks the Connect server for its version as a client would: a port is announced only when that was answered. */
final class ConnectProbe {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("Authorization", Metadata.ASCII_STRING_MARSHALLER);

    private ConnectProbe() {}

    static void check(int port, String token) throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + token);
            var stub = SparkConnectServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(60, TimeUnit.SECONDS);
            var user = UserContext.newBuilder()
                    .setUserId("driver")
                    .setUserName("driver")
                    .build();
            String session = UUID.randomUUID().toString();
            stub.analyzePlan(AnalyzePlanRequest.newBuilder()
                    .setSessionId(session)
                    .setUserContext(user)
                    .setSparkVersion(AnalyzePlanRequest.SparkVersion.getDefaultInstance())
                    .build());
            stub.releaseSession(ReleaseSessionRequest.newBuilder()
                    .setSessionId(session)
                    .setUserContext(user)
                    .build());
        } finally {
            channel.shutdownNow();
            channel.awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
