package io.campanile.cli;

import io.campanile.cli.clusters.ClusterCommands;
import io.campanile.cli.clusters.LibraryCommands;
import io.campanile.cli.cost.BudgetCommands;
import io.campanile.cli.cost.UsageCommand;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.files.FileCommands;
import io.campanile.cli.git.RepoCommands;
import io.campanile.cli.login.LoginCommand;
import io.campanile.cli.login.LogoutCommand;
import io.campanile.cli.people.GroupCommands;
import io.campanile.cli.people.ServicePrincipalCommands;
import io.campanile.cli.people.UserCommands;
import io.campanile.cli.permissions.PermissionCommands;
import io.campanile.cli.policies.PolicyCommands;
import io.campanile.cli.pools.PoolCommands;
import io.campanile.cli.secrets.SecretCommands;
import io.campanile.cli.session.Machine;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Terminal;
import io.campanile.cli.tokens.TokenCommands;
import io.campanile.cli.volumes.VolumeCommands;
import io.campanile.cli.workspace.WorkspaceCommands;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/** Every command by its name. Only those that are named are built: reading annotations takes the time. */
final class CommandTree {
    private static final Map<String, Class<?>> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("login", LoginCommand.class),
            Map.entry("logout", LogoutCommand.class),
            Map.entry("workspace", WorkspaceCommands.class),
            Map.entry("repos", RepoCommands.class),
            Map.entry("fs", FileCommands.class),
            Map.entry("secrets", SecretCommands.class),
            Map.entry("tokens", TokenCommands.class),
            Map.entry("users", UserCommands.class),
            Map.entry("groups", GroupCommands.class),
            Map.entry("service-principals", ServicePrincipalCommands.class),
            Map.entry("clusters", ClusterCommands.class),
            Map.entry("libraries", LibraryCommands.class),
            Map.entry("policies", PolicyCommands.class),
            Map.entry("pools", PoolCommands.class),
            Map.entry("usage", UsageCommand.class),
            Map.entry("budgets", BudgetCommands.class),
            Map.entry("permissions", PermissionCommands.class),
            Map.entry("volumes", VolumeCommands.class)));

    private final Campanile root = new Campanile();
    private final Session session;
    private final Terminal terminal;

    CommandTree(Terminal terminal, Machine machine) {
        this.terminal = terminal;
        this.session = new Session(root.options, terminal, machine);
    }

    /** Runs a command line; answers its exit code. */
    int run(String... arguments) {
        List<String> called = List.of(arguments);
        List<String> named = COMMANDS.keySet().stream().filter(called::contains).toList();
        return (named.isEmpty() ? whole() : line(named)).execute(arguments);
    }

    /** The first words there are. */
    static Set<String> names() {
        return COMMANDS.keySet();
    }

    /** The whole tree, for completion. */
    CommandLine whole() {
        return line(List.copyOf(COMMANDS.keySet()));
    }

    private CommandLine line(List<String> names) {
        CommandLine line = new CommandLine(root, new Given());
        names.forEach(name -> line.addSubcommand(name, COMMANDS.get(name)));
        line.addSubcommand("completion", new CompletionCommand(this, terminal));
        line.getCommandSpec().version("Campanile 0.1.0");
        orderHelp(line);
        line.setOut(writer(terminal.out()));
        line.setErr(writer(terminal.err()));
        int columns = terminal.shape().columns();
        line.setUsageHelpWidth(Math.max(60, Math.min(columns == 0 ? 100 : columns, 120)));
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler(this::called);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        return line;
    }

    /** Commands by name, because reflection gives methods in no order; options of a command before those of all. */
    private static void orderHelp(CommandLine line) {
        Map<String, CommandLine.IHelpSectionRenderer> sections = new HashMap<>(line.getHelpSectionMap());
        sections.put(
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> help.commandList(new TreeMap<>(help.subcommands())));
        line.setHelpSectionMap(sections);
        keepOptionsAsWritten(line);
    }

    private static void keepOptionsAsWritten(CommandLine line) {
        line.getCommandSpec().usageMessage().sortOptions(false);
        line.getSubcommands().values().forEach(CommandTree::keepOptionsAsWritten);
    }

    /** Called wrongly: what is wrong, and where to read how it goes. */
    private int called(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        terminal.err().println("Error: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, writer(terminal.err()));
        if (!command.getSubcommands().isEmpty()) {
            terminal.err()
                    .println("Commands: "
                            + String.join(
                                    ", ", new TreeSet<>(command.getSubcommands().keySet())));
        }
        terminal.err().println("'" + command.getCommandSpec().qualifiedName() + " --help' says how it is called.");
        return ExitCode.USAGE.code();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private int failed(Exception failure) throws Exception {
        if (failure instanceof CliFailure told) {
            terminal.err().println("Error: " + told.text());
            return told.exit().code();
        }
        throw failure;
    }

    /** Makes commands, which take the session and nothing else. */
    private final class Given implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Session.class) {
                    return type.cast(constructor.newInstance(session));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
