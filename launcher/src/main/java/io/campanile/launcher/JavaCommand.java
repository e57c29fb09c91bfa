package io.campanile.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM on the control plane's class path. */
final class JavaCommand {
    private JavaCommand() {}

    static List<String> of(DataDir data, Path home, String heap, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (java.nio.file.Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                // The adaptive allocator gives memory back between the pieces of a large file, and asks for it again.
                "-Dio.netty.allocator.type=pooled",
                "-Dcampanile.data-dir=" + data.root(),
                "-Dcampanile.home=" + home,
                "-cp",
                home.resolve("lib") + "/*",
                Main.class.getName()));
        command.addAll(arguments);
        return command;
    }
}
