package io.campanile.launcher;

import io.campanile.launcher.postgres.PostgresSupervisor;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One service in a process of its own; started and restarted by the supervisor of split mode. */
@Command(name = "service", hidden = true, description = "Runs one service in this process.")
final class ServiceCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(index = "0")
    String name = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        DataDir data = common.dataDir();
        ServiceRole role = ServiceRole.named(name);
        CountDownLatch stopped = new CountDownLatch(1);
        try (ServiceRuntime runtime = new ServiceRuntime(data, common.home(), PostgresSupervisor.existing(data))) {
            runtime.start(role);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                runtime.close();
                                stopped.countDown();
                            },
                            "shutdown"));
            stopped.await();
        }
        return 0;
    }
}
