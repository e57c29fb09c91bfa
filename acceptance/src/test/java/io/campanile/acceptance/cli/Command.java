package io.campanile.acceptance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The script with a file of profiles of the test's own, input and output piped. */
final class Command {
    private static final Path SCRIPT = Path.of(System.getProperty("campanile.script", "../campanile"))
            .toAbsolutePath()
            .normalize();

    private final Path folder;

    /** Exit code, both outputs, and the time it took. */
    record Ended(int code, String out, String err, long millis) {
        /** Its JSON; an AssertionError with all it said when it failed. */
        JsonNode json() throws IOException {
            return Installation.JSON.readTree(ok().out());
        }

        Ended ok() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + "\n" + out + err);
            }
            return this;
        }
    }

    Command(Path folder) {
        this.folder = folder;
    }

    Path profiles() {
        return folder.resolve("profiles");
    }

    Ended run(String... arguments) throws Exception {
        return typing("", arguments);
    }

    Ended typing(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAMPANILE_"));
        builder.environment().put("CAMPANILE_CONFIG_FILE", profiles().toString());
        long began = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end");
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8),
                millis);
    }
}
