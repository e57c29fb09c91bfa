package io.campanile.cli.exit;

import static java.util.Objects.requireNonNull;

/** A failure whose message is for the person at the terminal: what is wrong, then what helps. */
public class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ExitCode exit;

    public CliFailure(ExitCode exit, String message) {
        super(message);
        this.exit = requireNonNull(exit, "exit");
    }

    public CliFailure(ExitCode exit, String message, Throwable cause) {
        super(message, cause);
        this.exit = requireNonNull(exit, "exit");
    }

    /** A command that was called wrongly in a way the option parser cannot see. */
    public static CliFailure usage(String message) {
        return new CliFailure(ExitCode.USAGE, message);
    }

    public static CliFailure failed(String message) {
        return new CliFailure(ExitCode.FAILURE, message);
    }

    /** A file of this machine that cannot be read or written. */
    public static CliFailure io(String what, java.io.IOException cause) {
        return new CliFailure(ExitCode.FAILURE, what + ": " + FileFailures.reason(cause), cause);
    }

    public ExitCode exit() {
        return exit;
    }

    /** The message as it is always there. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
