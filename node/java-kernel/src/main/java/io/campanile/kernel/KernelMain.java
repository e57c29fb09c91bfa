package io.campanile.kernel;

import io.campanile.kernel.shell.Kernel;
import io.campanile.kernel.wire.ConnectionFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Starts the kernel process: {@code KernelMain <connection file>}. */
public final class KernelMain {
    /** Enough for the shutdown reply to leave; its sockets linger no longer either. */
    private static final long FAREWELL_MILLIS = 200;

    private KernelMain() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("Usage: KernelMain <connection file>");
            System.exit(2);
        }
        InputStream parent = System.in;
        // Cells share this process: they must not steal the parent's sign of life, and get an end of input instead.
        System.setIn(InputStream.nullInputStream());
        Kernel kernel = new Kernel(ConnectionFile.read(Path.of(args[0])), KernelMain::leave);
        watch(parent);
        kernel.serve();
    }

    /** The agent holds the other end of stdin; when it is gone, nobody can reach this kernel any more. */
    private static void watch(InputStream parent) {
        Thread thread = new Thread(
                () -> {
                    try {
                        byte[] ignored = new byte[256];
                        while (parent.read(ignored) >= 0) {}
                    } catch (IOException e) {
                        System.err.println("stdin failed: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(0);
                },
                "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void leave() {
        try {
            TimeUnit.MILLISECONDS.sleep(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Not exit: a cell may have left shutdown hooks or threads that never end.
        Runtime.getRuntime().halt(0);
    }
}
