package io.campanile.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the end of a service's log. */
@Command(name = "logs", description = "Prints the end of a log; without a name, lists the logs.")
final class LogsCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(index = "0", arity = "0..1", description = "control-plane, postgres, or a service of split mode.")
    @Nullable
    String service;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "100",
            description = "How many lines (default: ${DEFAULT-VALUE}).")
    int lines;

    @Override
    public Integer call() throws IOException {
        Path folder = common.existing().logs();
        if (!Files.isDirectory(folder)) {
            throw new LaunchException("There are no logs in " + folder + "; './campanile up' makes an installation.");
        }
        List<String> known;
        try (Stream<Path> files = Files.list(folder)) {
            known = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        }
        String wanted = service;
        if (wanted == null) {
            known.forEach(System.out::println);
            return 0;
        }
        if (!known.contains(wanted)) {
            throw new LaunchException(
                    "There is no log named '" + wanted + "'; the logs are " + String.join(", ", known) + ".");
        }
        List<String> all = Files.readAllLines(folder.resolve(wanted + ".log"));
        all.subList(Math.max(0, all.size() - lines), all.size()).forEach(System.out::println);
        return 0;
    }
}
