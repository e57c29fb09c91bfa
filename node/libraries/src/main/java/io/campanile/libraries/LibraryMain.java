package io.campanile.libraries;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campanile.node.files.NodeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches libraries one after the other: {@code LibraryMain <order.json>}. It says on standard output, a JSON object a
 * line, {@code {"id","state":"RESOLVING|INSTALLING"}} and for each library at last {@code {"id","jars":[...],
 * "artifacts":[...],"messages":[...]}} or {@code {"id","failed":"why"}}. It dies when standard input closes.
 */
public final class LibraryMain {
    private static final JsonMapper JSON = new JsonMapper();

    private LibraryMain() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: LibraryMain <order.json>");
            System.exit(2);
        }
        endWithInput();
        // Whatever a library prints is no answer.
        PrintStream answers = System.out;
        System.setOut(System.err);
        Order order = Order.read(Path.of(args[0]));
        List<Order.Artifact> present = new ArrayList<>(order.present());
        for (Order.Wanted wanted : order.libraries()) {
            Map<String, Object> said = fetch(order, wanted, present, answers);
            say(answers, said);
        }
        // A download that took too long may still be waited for by a thread.
        answers.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Map<String, Object> fetch(
            Order order, Order.Wanted wanted, List<Order.Artifact> present, PrintStream answers) {
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "fetch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Fetched fetched = worker.submit(() -> fetchOne(order, wanted, List.copyOf(present), answers))
                    .get(order.seconds(), TimeUnit.SECONDS);
            present.addAll(fetched.artifacts());
            return Map.of(
                    "id",
                    wanted.id(),
                    "jars",
                    fetched.jars(),
                    "artifacts",
                    fetched.artifacts(),
                    "messages",
                    fetched.messages());
        } catch (ExecutionException e) {
            return Map.of("id", wanted.id(), "failed", Reasons.of(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            return Map.of("id", wanted.id(), "failed", "It was not there after " + order.seconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of("id", wanted.id(), "failed", "The installation was interrupted");
        } finally {
            worker.shutdownNow();
        }
    }

    private static Fetched fetchOne(Order order, Order.Wanted wanted, List<Order.Artifact> present, PrintStream answers)
            throws Exception {
        Path jars = Path.of(order.folder()).resolve("jars");
        java.nio.file.Files.createDirectories(jars);
        if (wanted.jar() != null) {
            say(answers, Map.of("id", wanted.id(), "state", "INSTALLING"));
            var files = new NodeFiles(Path.of(order.filesDir()), Path.of(order.filesAccess()));
            return new JarFetch(files, jars, order.mostBytes()).fetch(wanted.id(), wanted.jar());
        }
        say(answers, Map.of("id", wanted.id(), "state", "RESOLVING"));
        return new MavenFetch(
                        Path.of(order.folder()).resolve("maven"),
                        jars,
                        SparkJars.of(Path.of(order.provided())),
                        order.mostBytes())
                .fetch(wanted, present, () -> say(answers, Map.of("id", wanted.id(), "state", "INSTALLING")));
    }

    private static synchronized void say(PrintStream answers, Map<String, Object> answer) {
        try {
            answers.println(JSON.writeValueAsString(answer));
            answers.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("An answer cannot be encoded", e);
        }
    }

    /** The agent holds the other end; nobody wants the jars when it is gone. */
    private static void endWithInput() {
        InputStream parent = System.in;
        var thread = new Thread(
                () -> {
                    try {
                        byte[] ignored = new byte[64];
                        while (parent.read(ignored) >= 0) {}
                    } catch (IOException e) {
                        System.err.println("stdin failed: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }
}
