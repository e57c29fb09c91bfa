package io.campanile.driver.executors;

import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.executor.CoarseGrainedExecutorBackend;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.ExecutorLossMessage;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/** An executor that says when it has registered, and how it ended: Spark's own ends with 0 whatever the reason. */
final class JoinedExecutor extends CoarseGrainedExecutorBackend {
    private final Consumer<List<String>> hide;
    private final Runnable registered;
    private boolean said;
    private volatile @Nullable String ending;

    JoinedExecutor(
            RpcEnv rpc,
            CoarseGrainedExecutorBackend.Arguments arguments,
            SparkEnv env,
            ResourceProfile profile,
            Consumer<List<String>> hide,
            Runnable registered) {
        super(
                rpc,
                arguments.driverUrl(),
                arguments.executorId(),
                arguments.bindAddress(),
                arguments.hostname(),
                arguments.cores(),
                env,
                arguments.resourcesFileOpt(),
                profile);
        this.hide = hide;
        this.registered = registered;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receive() {
        return new Receiving(super.receive());
    }

    @Override
    public void exitExecutor(int code, String reason, @Nullable Throwable cause, boolean notifyDriver) {
        if (ending == null) {
            ending = reason;
        }
        super.exitExecutor(code, reason, cause, notifyDriver);
    }

    /** True when it left as it was asked to: its tasks have ended, and others have its blocks. */
    boolean decommissioned() {
        return ExecutorLossMessage.decommissionFinished().equals(ending);
    }

    /** Why it ended. */
    String ending() {
        return ending == null ? "the driver told it to" : ending;
    }

    /** What Spark understands, and what we send beside. */
    private final class Receiving extends AbstractPartialFunction<Object, BoxedUnit> {
        private final PartialFunction<Object, BoxedUnit> ofSpark;

        Receiving(PartialFunction<Object, BoxedUnit> ofSpark) {
            this.ofSpark = ofSpark;
        }

        @Override
        public boolean isDefinedAt(Object message) {
            return message instanceof HideValues || ofSpark.isDefinedAt(message);
        }

        @Override
        @SuppressWarnings("unchecked") // A message has no answer: what is returned is the unit, whatever it is called.
        public <A1, B1> B1 applyOrElse(A1 message, Function1<A1, B1> otherwise) {
            if (message instanceof HideValues values) {
                hide.accept(values.values());
                return (B1) BoxedUnit.UNIT;
            }
            B1 done = ofSpark.applyOrElse(message, otherwise);
            if (!said && executor() != null) {
                said = true;
                registered.run();
            }
            return done;
        }
    }
}
