package io.campanile.kernel.capture;

import io.campanile.kernel.cells.CellClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Artifact;
import org.apache.spark.sql.connect.SparkSession;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.sparkproject.com.google.protobuf.Message;
import org.sparkproject.io.grpc.CallOptions;
import org.sparkproject.io.grpc.Channel;
import org.sparkproject.io.grpc.ClientCall;
import org.sparkproject.io.grpc.ClientInterceptor;
import org.sparkproject.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.sparkproject.io.grpc.MethodDescriptor;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Sees every plan before it is sent: uploads a version of the cell classes it needs, values of variables included, and
 * makes the plan name that version. Without it a lambda reads 0 or null on the cluster where the cell has a value.
 */
public final class CaptureInterceptor implements ClientInterceptor {
    private static final Set<String> PLANS = Set.of("ExecutePlan", "AnalyzePlan");
    private static final Set<String> NEED_FOLDER = Set.of("ExecutePlan", "AnalyzePlan", "Config");
    private final CellClasses cells;
    private final Set<String> uploaded = ConcurrentHashMap.newKeySet();
    private volatile @Nullable SparkSession session;
    private volatile boolean folderOpen;

    public CaptureInterceptor(CellClasses cells) {
        this.cells = cells;
    }

    /** The session to upload through; it exists only after its interceptors. */
    public void uploadThrough(SparkSession spark) {
        uploaded.clear();
        folderOpen = false;
        session = spark;
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        ClientCall<A, B> call = next.newCall(method, options);
        String name = method.getBareMethodName();
        if (name == null || !NEED_FOLDER.contains(name)) {
            return call;
        }
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void sendMessage(A request) {
                openFolder();
                super.sendMessage(PLANS.contains(name) ? withClasses(request) : request);
            }
        };
    }

    /**
     * The server makes a class loader for the session with its first request. When the folder of uploaded classes does
     * not exist at that moment, the loader takes its URL for a jar and never finds a class there (4.0.1, a race between
     * two first requests). So one class that nobody uses goes first, alone.
     */
    private void openFolder() {
        SparkSession spark = session;
        if (spark == null || folderOpen) {
            return;
        }
        synchronized (this) {
            if (!folderOpen) {
                ClassWriter first = new ClassWriter(0);
                int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL;
                first.visit(Opcodes.V17, access, "cell/First", null, "java/lang/Object", null);
                first.visitEnd();
                add(spark, List.of(artifact("cell/First.class", first.toByteArray())));
                folderOpen = true;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private <A> A withClasses(A request) {
        SparkSession spark = session;
        if (spark == null || !(request instanceof Message message)) {
            return request;
        }
        byte[] streams = JavaPayloads.all(message);
        if (!CellNames.mentions(streams)) {
            return request;
        }
        String id = upload(streams, spark);
        return (A) JavaPayloads.map(message, bytes -> CellNames.rename(bytes, id));
    }

    private synchronized String upload(byte[] streams, SparkSession spark) {
        try {
            Shipment shipment = Shipment.of(streams, cells);
            if (!uploaded.contains(shipment.id())) {
                List<Artifact> artifacts = new ArrayList<>();
                shipment.classes()
                        .forEach((name, bytes) -> artifacts.add(artifact(
                                CellNames.shippedPath(name, shipment.id()), CellNames.rename(bytes, shipment.id()))));
                add(spark, artifacts);
                // Only now: a failed upload must be tried again by the next request.
                uploaded.add(shipment.id());
            }
            return shipment.id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Artifact artifact(String path, byte[] bytes) {
        return Artifact.newClassArtifact(Path.of(path), new Artifact.InMemory(bytes));
    }

    private static void add(SparkSession spark, List<Artifact> artifacts) {
        spark.client().artifactManager().addArtifacts(CollectionConverters.asScala(artifacts));
    }
}
