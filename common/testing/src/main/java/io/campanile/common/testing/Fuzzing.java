package io.campanile.common.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs every harness of a module under Jazzer, which allows one in a process: two at a time, each in a JVM of little
 * memory, so that what takes without bound is a finding too. {@code -Dcampanile.fuzz.seconds} says how long each runs,
 * {@code -Dcampanile.fuzz.runs} how often instead.
 */
public final class Fuzzing {
    /** Set when the build is to fuzz; without it the harnesses run on their seeds alone, as ordinary tests. */
    public static final String SECONDS = "campanile.fuzz.seconds";

    private static final String RUNS = "campanile.fuzz.runs";
    private static final int AT_ONCE = 2;
    private static final int BUILD_SEED = 20_261;
    private static final int LONGEST_INPUT = 64 * 1024;
    private static final Pattern DONE = Pattern.compile("(?m)^Done (\\d+) runs in (\\d+) second");
    private static final String INSTRUMENTED = "io.campanile.**:com.unboundid.**:com.fasterxml.jackson.core.**"
            + ":org.apache.commons.compress.archivers.zip.**";

    private final Path classes;
    private final Path folder;

    private record Harness(String type, String method) {
        @Override
        public String toString() {
            return type.substring(type.lastIndexOf('.') + 1) + "." + method;
        }
    }

    /**
     * @param classes where the module's test classes and resources are
     * @param folder for what was said and found
     */
    public Fuzzing(Path classes, Path folder) {
        this.classes = requireNonNull(classes, "classes");
        this.folder = requireNonNull(folder, "folder");
    }

    /** Prints how much each harness ran; what those say that found something. */
    public List<String> run() throws Exception {
        Files.createDirectories(folder);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Optional<String>>> all = new ArrayList<>();
            for (Harness harness : harnesses()) {
                all.add(() -> fuzz(harness));
            }
            List<String> findings = new ArrayList<>();
            for (Future<Optional<String>> result : threads.invokeAll(all)) {
                result.get().ifPresent(findings::add);
            }
            return all.isEmpty() ? List.of("There is no harness in " + classes) : findings;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Harness> harnesses() throws IOException, ClassNotFoundException {
        List<Harness> harnesses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith("FuzzTest.class")) {
                    String name = classes.relativize(file)
                            .toString()
                            .replace(file.getFileSystem().getSeparator(), ".");
                    Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
                    Arrays.stream(type.getDeclaredMethods())
                            .filter(Fuzzing::isHarness)
                            .map(method -> new Harness(type.getName(), method.getName()))
                            .forEach(harnesses::add);
                }
            }
        }
        return harnesses;
    }

    /** By name: only the modules that fuzz have Jazzer among their libraries. */
    private static boolean isHarness(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(
                        note -> note.annotationType().getName().equals("com.code_intelligence.jazzer.junit.FuzzTest"));
    }

    private Optional<String> fuzz(Harness harness) throws IOException, InterruptedException {
        Path own = folder.resolve(harness.toString());
        Path corpus = Files.createDirectories(own.resolve("corpus"));
        Path said = own.resolve("log");
        Process process = new ProcessBuilder(command(harness, own, corpus))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            int status = process.waitFor();
            String text = Files.readString(said, StandardCharsets.ISO_8859_1);
            Matcher done = DONE.matcher(text);
            boolean ran = done.find() && Long.parseLong(done.group(1)) > 0;
            System.out.println("fuzzed " + harness + ": "
                    + (ran ? done.group(1) + " inputs in " + done.group(2) + " s" : "did not run to its end"));
            return status == 0 && ran
                    ? Optional.empty()
                    : Optional.of(
                            harness + " ended with " + status + ", all it said is in " + said + ":\n" + end(text));
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private List<String> command(Harness harness, Path own, Path corpus) {
        Path seeds =
                classes.resolve(harness.type().replace('.', '/') + "Inputs").resolve(harness.method());
        long runs = Long.getLong(RUNS, 0);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + harness.type(),
                "--target_method=" + harness.method(),
                "--instrumentation_includes=" + INSTRUMENTED,
                runs > 0 ? "-runs=" + runs : "-max_total_time=" + Long.getLong(SECONDS, 0),
                // The same inputs in each build; a soak goes where none has been.
                runs > 0 ? "-seed=" + (System.nanoTime() & 0x7fffffff) : "-seed=" + BUILD_SEED,
                "-max_len=" + LONGEST_INPUT,
                "-timeout=60",
                "-artifact_prefix=" + own + "/",
                corpus.toString()));
        if (Files.isDirectory(seeds)) {
            command.add(seeds.toString());
        }
        return command;
    }

    /** From the failure on: what comes before is what Jazzer tells of itself. */
    private static String end(String text) {
        int failure = Math.max(text.indexOf("== Java Exception"), text.indexOf("== libFuzzer"));
        String end = failure < 0 ? text.substring(Math.max(0, text.length() - 4_000)) : text.substring(failure);
        return end.length() <= 12_000 ? end : end.substring(0, 8_000) + "\n...\n" + end.substring(end.length() - 4_000);
    }
}
