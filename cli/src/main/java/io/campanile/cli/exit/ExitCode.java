package io.campanile.cli.exit;

/** What a script learns from a command's end. */
public enum ExitCode {
    OK(0),
    FAILURE(1),
    USAGE(2),
    REFUSED(3),
    NOT_FOUND(4),
    UNAVAILABLE(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
