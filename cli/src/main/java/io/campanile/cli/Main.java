package io.campanile.cli;

import io.campanile.cli.session.Machine;
import io.campanile.cli.terminal.Terminal;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code campanile} as a client; the script starts it with what only a shell can see of the terminal. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Names under localhost are reached by their address; the header says which was meant.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Terminal terminal = new Terminal(
                System.in,
                out,
                err,
                Terminal.Shape.parse(System.getProperty("campanile.terminal"), System.getProperty("campanile.columns")),
                Main::hidden);
        Machine machine = new Machine(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Clock.systemUTC(),
                time -> Thread.sleep(time.toMillis()),
                Main::browse);
        int code = new CommandTree(terminal, machine).run(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Names can have any character, whatever the locale of the machine. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)),
                descriptor == FileDescriptor.err,
                StandardCharsets.UTF_8);
    }

    @SuppressWarnings("SystemConsoleNull") // the terminal was asked for before; this is for a Java without one
    private static char @Nullable [] hidden(String question) {
        Console console = System.console();
        return console == null ? null : console.readPassword("%s", question);
    }

    private static boolean browse(URI page) {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        try {
            new ProcessBuilder(List.of(mac ? "open" : "xdg-open", page.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            // The address was printed; it can be opened by hand.
            return false;
        }
    }
}
