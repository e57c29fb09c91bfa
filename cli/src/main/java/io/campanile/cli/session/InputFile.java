package io.campanile.cli.session;

import io.campanile.cli.exit.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names; {@code -} is standard input. */
public final class InputFile {
    private InputFile() {}

    /** All of it, at most {@code longest} bytes; {@code what} says in refusals what it is, such as "rules". */
    public static byte[] read(Session session, String name, int longest, String what) {
        try {
            byte[] content = name.equals("-")
                    ? session.terminal().in().readNBytes(longest + 1)
                    : Files.readAllBytes(Path.of(name));
            if (content.length > longest) {
                throw CliFailure.usage("The " + what + " have at most " + longest + " bytes.");
            }
            return content;
        } catch (IOException e) {
            throw CliFailure.io("The " + what + " in " + name + " cannot be read", e);
        }
    }
}
