package io.campanile.driver;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.AnalyzePlanRequest;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.ReleaseSessionRequest;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc.SparkConnectServiceBlockingStub;
import org.apache.spark.connect.proto.SqlCommand;
import org.apache.spark.connect.proto.UserContext;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.Metadata;
import org.sparkproject.connect.grpc.netty.NettyChannelBuilder;
import org.sparkproject.connect.grpc.stub.MetadataUtils;

/** A client of the driver's own Connect server, in a session that is closed behind it. */
final class ConnectProbe implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("Authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final UserContext USER =
            UserContext.newBuilder().setUserId("driver").setUserName("driver").build();
    private static final long SECONDS = 30;

    private final ManagedChannel channel;
    private final String token;
    private final String session = UUID.randomUUID().toString();

    ConnectProbe(int port, String token) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        this.token = token;
    }

    /** Asks for the version as every client does: a port is announced only when that was answered. */
    void check() {
        var question = AnalyzePlanRequest.newBuilder()
                .setSessionId(session)
                .setUserContext(USER)
                .setSparkVersion(AnalyzePlanRequest.SparkVersion.getDefaultInstance());
        stub().analyzePlan(question.build());
    }

    /** Takes the whole way of a query, so that a person's first one does not load the classes of it. */
    void query(String statement) {
        execute(Plan.newBuilder().setRoot(sql(statement)));
    }

    /** As clients begin a statement: a command runs, and its rows come without a task; a query is not run yet. */
    void command(String statement) {
        var command = SqlCommand.newBuilder().setInput(sql(statement));
        execute(Plan.newBuilder().setCommand(Command.newBuilder().setSqlCommand(command)));
    }

    private static Relation.Builder sql(String statement) {
        return Relation.newBuilder().setSql(SQL.newBuilder().setQuery(statement));
    }

    private void execute(Plan.Builder plan) {
        var request = ExecutePlanRequest.newBuilder()
                .setSessionId(session)
                .setUserContext(USER)
                .setPlan(plan);
        stub().executePlan(request.build()).forEachRemaining(response -> {});
    }

    private SparkConnectServiceBlockingStub stub() {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return SparkConnectServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            var request =
                    ReleaseSessionRequest.newBuilder().setSessionId(session).setUserContext(USER);
            stub().releaseSession(request.build());
        } finally {
            channel.shutdownNow();
        }
    }
}
