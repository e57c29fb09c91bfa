package io.campanile.cli;

import com.sun.net.httpserver.HttpServer;
import io.campanile.cli.session.Machine;
import io.campanile.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** Runs commands against an empty server of its own: the build archives the classes that were loaded meanwhile. */
final class Rehearsal {
    private static final String[][] COMMANDS = {
        {"workspace", "ls", "-l", "/"},
        {"workspace", "stat", "/", "-o", "json"},
        {"fs", "ls", "dbfs:/"},
        {"secrets", "scopes", "list"},
        {"tokens", "list"},
        {"users", "list"},
        {"groups", "list"},
        {"permissions", "get", "clusters/none"},
        {"workspace", "--help"},
    };

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] nothing = "{\"objects\":[{\"object_type\":\"NOTEBOOK\",\"path\":\"/n\",\"modified_at\":1}]}"
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, nothing.length);
            exchange.getResponseBody().write(nothing);
            exchange.close();
        });
        server.start();
        try {
            rehearse("http://localhost:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static void rehearse(String host) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), nowhere, nowhere, Terminal.Shape.NONE, question -> null);
        Machine machine = new Machine(
                Map.of("CAMPANILE_HOST", host, "CAMPANILE_TOKEN", "none"),
                Path.of("."),
                Clock.systemUTC(),
                time -> {},
                page -> false);
        for (String[] command : COMMANDS) {
            new CommandTree(terminal, machine).run(command);
        }
    }
}
