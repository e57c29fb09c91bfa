package io.campanile.acceptance.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The script a person runs, in a world that lacks something. */
final class Script {
    /** What the script and what it starts call, beside java and node. */
    private static final List<String> TOOLS = List.of(
            "bash",
            "sh",
            "env",
            "dirname",
            "find",
            "sed",
            "awk",
            "df",
            "grep",
            "sort",
            "tail",
            "head",
            "cut",
            "date",
            "mkdir",
            "ln",
            "rm",
            "cat",
            "id",
            "uname",
            "sleep",
            "readlink",
            "tr",
            "wc",
            "setsid",
            "unshare");

    private final Path script;
    private final List<String> environment = new ArrayList<>();

    private Script(Path script) {
        this.script = script;
    }

    /** The one of this checkout. */
    static Script ofCheckout() {
        return new Script(original());
    }

    /** In a folder where nothing was ever built. */
    static Script inAnEmptyCheckout(Path folder) throws IOException {
        Path copy = folder.resolve("campanile");
        Files.copy(original(), copy);
        return new Script(copy);
    }

    /** Lets it find only these programs beside the usual tools. */
    Script withOnly(Path folder, String... programs) throws IOException {
        Path programsHere = Files.createDirectories(folder.resolve("bin"));
        List<String> wanted = new ArrayList<>(TOOLS);
        wanted.addAll(List.of(programs));
        for (String name : wanted) {
            for (String place : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
                Path program = Path.of(place, name);
                Path link = programsHere.resolve(name);
                if (Files.isExecutable(program) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, program.toRealPath());
                }
            }
        }
        environment.add("PATH=" + programsHere);
        return this;
    }

    /** The exit code and all that was printed. */
    record Said(int code, String text) {}

    Said run(String... arguments) throws Exception {
        // env -i: not even JAVA_HOME of whoever runs the tests is seen.
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "HOME=" + System.getenv("HOME")));
        if (environment.isEmpty()) {
            environment.add("PATH=" + System.getenv("PATH"));
        }
        command.addAll(environment);
        command.add(script.toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end; it said:\n" + text);
        }
        return new Said(process.exitValue(), text);
    }

    private static Path original() {
        return Path.of(System.getProperty("campanile.script", "../campanile"))
                .toAbsolutePath()
                .normalize();
    }
}
