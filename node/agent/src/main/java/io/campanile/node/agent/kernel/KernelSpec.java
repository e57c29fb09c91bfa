package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How to start a kernel, after Jupyter's {@code kernel.json}. {@code attaches} is true of the Java kernel alone, which is
 * started before its user is known and learns of him by {@code campanile_attach_request}.
 */
public record KernelSpec(
        String name, List<String> argv, Set<String> languages, boolean attaches, boolean interruptBySignal) {
    /** The place of the connection file in {@code argv}. */
    public static final String CONNECTION_FILE = "{connection_file}";

    public KernelSpec {
        argv = List.copyOf(argv);
        languages = Set.copyOf(languages);
    }

    public static KernelSpec java(List<String> argv) {
        return new KernelSpec("java", argv, Set.of("JAVA", "SQL", "MARKDOWN"), true, false);
    }

    /** Reads a kernelspec folder as Jupyter installs it. */
    public static KernelSpec read(Path folder) throws IOException {
        Path kernelJson = folder.resolve("kernel.json");
        JsonNode spec = NodeJson.MAPPER.readTree(kernelJson.toFile());
        List<String> argv = new ArrayList<>();
        spec.path("argv").forEach(argument -> argv.add(argument.asText()));
        if (argv.isEmpty()) {
            throw new IOException("No argv in " + kernelJson);
        }
        return new KernelSpec(
                String.valueOf(folder.getFileName()),
                argv,
                Set.of(spec.path("language").asText().toUpperCase(Locale.ROOT)),
                false,
                !spec.path("interrupt_mode").asText("signal").equals("message"));
    }

    List<String> command(Path connectionFile) {
        return argv.stream()
                .map(argument -> argument.replace(CONNECTION_FILE, connectionFile.toString()))
                .toList();
    }
}
