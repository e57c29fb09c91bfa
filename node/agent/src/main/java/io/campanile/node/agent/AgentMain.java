package io.campanile.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts the agent of a node: {@code AgentMain <node.json>}, with the installation in {@code campanile.home}. */
public final class AgentMain {
    private AgentMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: AgentMain <node.json>");
            System.exit(2);
        }
        NodeConfig config = NodeConfig.read(Path.of(args[0]));
        Path logs = config.folder().resolve("logs");
        Files.createDirectories(logs);
        System.setProperty("campanile.agent.log", logs.resolve("agent.log").toString());
        var agent = new NodeAgent(
                config,
                new Distribution(
                        home(), Path.of(config.dataDir()), config.folder().resolve("tmp")));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::killAll, "kill-all"));
        agent.start();
        agent.awaitStop();
        System.exit(0);
    }

    private static Path home() {
        String home = System.getProperty("campanile.home", System.getenv("CAMPANILE_HOME"));
        if (home == null) {
            throw new IllegalArgumentException("Neither -Dcampanile.home nor CAMPANILE_HOME names the installation");
        }
        return Path.of(home);
    }
}
