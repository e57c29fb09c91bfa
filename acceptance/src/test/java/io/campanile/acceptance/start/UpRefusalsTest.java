package io.campanile.acceptance.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.campanile.acceptance.Installation;
import io.campanile.acceptance.OnOwnInstallation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new user may run into before anything runs: one clear sentence with the remedy, and a failing exit code. */
@Tag("slow")
@OnOwnInstallation
final class UpRefusalsTest {
    @TempDir
    Path folder;

    @Test
    void aBusyPortIsNamedWithAnotherOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            Script.Said said = Script.ofCheckout().run("up", "--detach", "--port", "" + port, "--data-dir", dataDir());

            assertRefused(
                    said,
                    "Port " + port
                            + " is busy; stop the program that has it or choose another port: ./campanile up --port "
                            + (port + 1));
        }
    }

    @Test
    void aDataFolderInUseIsNamedWithTheWayToFreeIt() throws Exception {
        Path run = Files.createDirectories(Path.of(dataDir(), "run"));
        // As it is between the start of another Campanile and the moment it is listed.
        try (FileChannel file =
                        FileChannel.open(run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assertThat(lock.isValid()).isTrue();

            Script.Said said = Script.ofCheckout().run("up", "--detach", "--port", freePort(), "--data-dir", dataDir());

            assertRefused(
                    said,
                    "The data folder " + dataDir() + " is in use by another Campanile; stop it with './campanile down "
                            + "--data-dir " + dataDir() + "' or choose another folder with --data-dir.");
        }
    }

    @Test
    void aSecondUpFindsItRunning() throws Exception {
        try (Installation installation = Installation.start(folder.resolve("data"))) {
            long pid = installation.processes("control-plane").get(0).pid();

            String said = installation.up();

            assertThat(said).contains("Campanile is already running (process " + pid + ")", installation.url());
            String other = freePort();
            assertThat(Script.ofCheckout()
                            .run("up", "--detach", "--port", other, "--data-dir", dataDir())
                            .text())
                    .contains(
                            "It stays on its port; to move it: ./campanile down, then ./campanile up --port " + other);
            assertThat(installation.processes("control-plane").get(0).pid()).isEqualTo(pid);
        }
    }

    @Test
    void aFullDiskOfTheDataFolderIsNamedWithWhatIsNeeded() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 100)) {
            Script.Said said = Script.ofCheckout()
                    .run(
                            "up",
                            "--detach",
                            "--port",
                            freePort(),
                            "--data-dir",
                            disk.path().toString());

            assertRefused(
                    said, "The disk of " + disk.path() + " has only ", " MB free; free at least 500 MB or choose");
        }
    }

    @Test
    void aFullDiskOfTheCheckoutIsNamedWithWhatIsNeeded() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 100)) {
            Script.Said said = Script.inAnEmptyCheckout(disk.path()).run("up", "--data-dir", dataDir());

            assertRefused(
                    said, "The disk of " + disk.path() + " has only ", " MB free; building needs 2500 MB. Free some");
        }
    }

    @Test
    void aMissingJdkIsNamedWithTheWayToInstallOne() throws Exception {
        Script.Said said =
                Script.ofCheckout().withOnly(folder, "java", "node", "npm").run("up", "--data-dir", dataDir());

        assertRefused(said, "A JDK 17 or newer is needed and none was found: install one", "or set JAVA_HOME");
    }

    @Test
    void aMissingNodeIsNamedWithTheWayToInstallIt() throws Exception {
        Path checkout = Files.createDirectories(folder.resolve("checkout"));

        Script.Said said = Script.inAnEmptyCheckout(checkout)
                .withOnly(folder, "java", "javac")
                .run("up", "--data-dir", dataDir());

        assertRefused(said, "Node 20 or newer is needed to build the pages and none was found: install it");
    }

    @Test
    void aMistypedOptionIsNamedBeforeTheBuild() throws Exception {
        Path checkout = Files.createDirectories(folder.resolve("checkout"));

        Script.Said said = Script.inAnEmptyCheckout(checkout).run("up", "--prot", "8701");

        assertRefused(said, "'up' has no option '--prot'; ./campanile --help lists them.");
        assertThat(said.text()).doesNotContain("Building");
    }

    private String dataDir() {
        return folder.resolve("data").toString();
    }

    private static String freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /** A failure that says each of these in one line, and nothing that only its makers understand. */
    private static void assertRefused(Script.Said said, String... sentence) {
        assertThat(said.code()).as(said.text()).isNotZero();
        List<String> lines =
                said.text().lines().filter(line -> line.contains(sentence[0])).toList();
        assertThat(lines).as(said.text()).hasSize(1);
        assertThat(lines.get(0)).contains(sentence);
        assertThat(said.text()).doesNotContain("Exception", "\tat ", "unbound variable", "command not found");
    }

    /** A file system of a few megabytes; only root may mount one. */
    private record SmallDisk(Path path) implements AutoCloseable {
        static SmallDisk mount(Path path, int megabytes) throws Exception {
            Files.createDirectories(path);
            boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", path.toString());
            assumeTrue(mounted, "SKIPPED full disk: mounting a small file system needs root");
            return new SmallDisk(path);
        }

        @Override
        public void close() throws Exception {
            assertThat(run("umount", path.toString())).as("unmounted %s", path).isTrue();
        }

        private static boolean run(String... command) throws Exception {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        }
    }
}
