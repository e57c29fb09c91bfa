package io.campanile.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code campanile}: start, stop and look at an installation. */
@Command(
        name = "campanile",
        description = "A notebook-driven analytics platform on Spark.",
        mixinStandardHelpOptions = true,
        version = "Campanile 0.1.0",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            ServeCommand.class,
            ServiceCommand.class,
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof LaunchException mendable) {
                System.err.println(mendable.getMessage());
                return 1;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }
}
