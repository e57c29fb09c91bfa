package io.campanile.node.agent;

import io.campanile.node.agent.kernel.KernelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The installation folder ({@code CAMPANILE_HOME}): where the parts of a node are, and how they are started.
 *
 * @param temp for what the processes of this node write beside; goes with the node
 */
public record Distribution(Path home, Path dataDir, Path temp) {
    private static final String LAUNCH_ARGS = "launch.args";

    /** The command line of a process of Spark; its flags stand in the driver's jar, as they differ between runtimes. */
    List<String> sparkCommand(NodeConfig.SparkProcess process, String mainClass, Path settings) throws IOException {
        Path jars = sparkJars(process.runtime());
        List<String> argv = new ArrayList<>(List.of(java()));
        argv.addAll(launchArgs(jars));
        Path archive = archive(process.runtime());
        if (Files.exists(archive)) {
            argv.add("-XX:SharedArchiveFile=" + archive);
        }
        argv.add("-Xmx" + process.heapMb() + "m");
        argv.addAll(places());
        argv.addAll(List.of("-cp", jars + "/*", mainClass, settings.toString()));
        return argv;
    }

    /** The command line of the process that fetches libraries. */
    List<String> libraryCommand(Path order) {
        List<String> argv = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m"));
        argv.addAll(places());
        argv.addAll(List.of(
                "-cp", home.resolve("node-libraries") + "/*", "io.campanile.libraries.LibraryMain", order.toString()));
        return argv;
    }

    /** Spark's own jars. */
    Path sparkJars(String runtime) {
        return home.resolve("runtimes").resolve(runtime).resolve("jars");
    }

    /** The class-data archive of a runtime, which halves the CPU time of a driver's start. */
    public Path archive(String runtime) {
        return dataDir.resolve("runtimes").resolve(runtime).resolve("driver.jsa");
    }

    static List<String> launchArgs(Path jars) throws IOException {
        Path jar = driverJar(jars).orElseThrow(() -> new IOException("No node-driver jar in " + jars));
        try (var file = new JarFile(jar.toFile());
                InputStream args = file.getInputStream(file.getEntry(LAUNCH_ARGS))) {
            return lines(new String(args.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Optional<Path> driverJar(Path jars) throws IOException {
        if (!Files.isDirectory(jars)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(jars)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("node-driver-.*\\.jar"))
                    .findFirst();
        }
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /** The samples folder, empty when the installation has none. */
    public Optional<Path> samples() {
        Path samples = home.resolve("samples");
        return Files.isDirectory(samples) ? Optional.of(samples) : Optional.empty();
    }

    /** The kernels of this installation: the Java kernel, and every kernelspec folder in {@code kernels/}. */
    public List<KernelSpec> kernels() throws IOException {
        List<KernelSpec> specs = new ArrayList<>();
        Path java = home.resolve("java-kernel");
        if (Files.isDirectory(java)) {
            specs.add(javaKernel(java));
        }
        Path others = home.resolve("kernels");
        if (Files.isDirectory(others)) {
            try (Stream<Path> folders = Files.list(others)) {
                for (Path folder : folders.sorted().toList()) {
                    specs.add(KernelSpec.read(folder));
                }
            }
        }
        return specs;
    }

    private KernelSpec javaKernel(Path folder) throws IOException {
        List<String> argv = new ArrayList<>(List.of(java()));
        Path args = folder.resolve(LAUNCH_ARGS);
        if (Files.exists(args)) {
            argv.add("@" + args);
        }
        argv.addAll(places());
        argv.addAll(List.of("-cp", folder + "/*", "io.campanile.kernel.KernelMain", KernelSpec.CONNECTION_FILE));
        return KernelSpec.java(argv);
    }

    private List<String> places() {
        return List.of("-Dcampanile.data-dir=" + dataDir, "-Djava.io.tmpdir=" + temp);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
