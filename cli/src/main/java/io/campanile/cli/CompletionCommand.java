package io.campanile.cli;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Print the completion of a shell.",
            "For this shell: source <(campanile completion bash), with zsh for bash where it is one. Put the line into"
                    + " ~/.bashrc or ~/.zshrc to keep it."
        })
final class CompletionCommand implements Callable<Integer> {
    /** What the script hands to the launcher; here only their names and options are known. */
    private static final Map<String, List<String>> OTHERS = new TreeMap<>(Map.of(
            "up", List.of("--port", "--detach", "--processes", "--data-dir"),
            "down", List.of("--keep-clusters", "--data-dir"),
            "status", List.of("--json", "--data-dir"),
            "logs", List.of("-n", "--data-dir"),
            "build", List.of(),
            "test", List.of(),
            "bench", List.of()));

    private final CommandTree tree;
    private final Terminal terminal;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    String shell = "";

    CompletionCommand(CommandTree tree, Terminal terminal) {
        this.tree = tree;
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw CliFailure.usage("There is no completion for '" + shell + "'; there is for bash and for zsh.");
        }
        CommandLine whole = tree.whole();
        OTHERS.forEach((name, options) -> {
            CommandSpec other = CommandSpec.create();
            options.forEach(option -> other.addOption(
                    OptionSpec.builder(option).type(String.class).build()));
            whole.addSubcommand(name, other);
        });
        // The same script serves both: it loads what zsh has for bash's completions.
        terminal.out().println(AutoComplete.bash("campanile", whole));
        return 0;
    }
}
