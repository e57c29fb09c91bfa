package io.campanile.kernel.spark;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.ExecutePlanResponse.ExecutionProgress;
import org.sparkproject.io.grpc.CallOptions;
import org.sparkproject.io.grpc.Channel;
import org.sparkproject.io.grpc.ClientCall;
import org.sparkproject.io.grpc.ClientInterceptor;
import org.sparkproject.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.sparkproject.io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import org.sparkproject.io.grpc.Metadata;
import org.sparkproject.io.grpc.MethodDescriptor;

/** Passes on the progress the server puts into its answers, at most five times a second. */
final class ProgressInterceptor implements ClientInterceptor {
    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private final Consumer<ExecutionProgress> sink;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL_NANOS);

    ProgressInterceptor(Consumer<ExecutionProgress> sink) {
        this.sink = sink;
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<B> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onMessage(B message) {
                                if (message instanceof ExecutePlanResponse answer && answer.hasExecutionProgress()) {
                                    report(answer.getExecutionProgress());
                                }
                                super.onMessage(message);
                            }
                        },
                        headers);
            }
        };
    }

    private void report(ExecutionProgress progress) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before >= INTERVAL_NANOS && last.compareAndSet(before, now)) {
            sink.accept(progress);
        }
    }
}
