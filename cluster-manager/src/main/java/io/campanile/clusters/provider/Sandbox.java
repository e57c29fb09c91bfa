package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of bubblewrap with which a node sees what is its own and nothing else of this machine: a list of what is
 * shown, everything by the name it has outside. Namespaces of its own for users, processes, files, IPC; the network is
 * shared (docs/adr/0025).
 */
final class Sandbox {
    static final String PROGRAM = "bwrap";
    /** Where a node that nobody has yet keeps what it may be given: gone when it is given, before any code of a person. */
    static final String HOLD = "/.hold";

    /** Programs and libraries, read-only. */
    private static final List<String> SYSTEM = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

    /** What programs look up there; no accounts, no keys. */
    private static final List<String> ETC = List.of(
            "alternatives",
            "ca-certificates",
            "fonts",
            "host.conf",
            "hosts",
            "java-17-openjdk",
            "java-21-openjdk",
            "java-25-openjdk",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "locale.alias",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "protocols",
            "python3",
            "python3.11",
            "resolv.conf",
            "services",
            "ssl/certs",
            "ssl/openssl.cnf",
            "timezone");

    /**
     * How the kernel is set and steered. These ask who the caller is and not what he may: a platform that is installed by
     * root has nodes that are root to them, and who sets {@code core_pattern} has the machine.
     */
    private static final List<String> KERNEL =
            List.of("acpi", "asound", "bus", "fs", "irq", "mtrr", "scsi", "sys", "sysrq-trigger");

    private static final List<String> KERNEL_SECRETS =
            List.of("kallsyms", "kcore", "keys", "kmsg", "latency_stats", "sched_debug", "timer_list", "vmallocinfo");

    private final Path dataDir;
    private final List<Path> programs;
    private final String wrapper;
    private final SharedView view;

    /** {@code programs}: what belongs to the installation and is shown, read-only; what is not there is left out. */
    Sandbox(Path dataDir, List<Path> programs, String wrapper) {
        this.dataDir = requireNonNull(dataDir, "dataDir").toAbsolutePath().normalize();
        this.programs = List.copyOf(programs);
        this.wrapper = requireNonNull(wrapper, "wrapper");
        this.view = new SharedView(this.dataDir);
    }

    /** The parts of the distribution at {@code home} that nodes are made of, and the Java they run on. */
    static List<Path> programsOf(Path home) {
        List<Path> programs = new ArrayList<>();
        programs.add(Path.of(System.getProperty("java.home")));
        for (String part : List.of("node-agent", "node-libraries", "java-kernel", "samples", "kernels")) {
            programs.add(home.resolve(part));
        }
        Path runtimes = home.resolve("runtimes");
        if (Files.isDirectory(runtimes)) {
            try (var versions = Files.list(runtimes)) {
                versions.sorted().forEach(version -> programs.add(version.resolve("jars")));
            } catch (IOException e) {
                throw new ProviderException("The runtimes of the installation cannot be listed", e);
            }
        }
        return programs;
    }

    SharedView view() {
        return view;
    }

    /** Where the owner's tables are kept. */
    Path warehouse(NodeOwner owner) {
        return dataDir.resolve("warehouses")
                .resolve(Long.toString(owner.workspaceId()))
                .resolve(Long.toString(owner.userId()));
    }

    /** The files of the owner's workspace. */
    Path files(NodeOwner owner) {
        return dataDir.resolve("files").resolve(Long.toString(owner.workspaceId()));
    }

    /** The command, in a sandbox of the node whose folder that is. Makes the folders that it shows. */
    List<String> wrap(Path folder, @Nullable NodeOwner owner, List<String> command) throws IOException {
        view.refresh();
        List<String> line = new ArrayList<>(List.of(wrapper));
        line.addAll(List.of("--unshare-user", "--disable-userns", "--unshare-pid", "--unshare-ipc"));
        line.addAll(List.of("--unshare-uts", "--unshare-cgroup-try", "--new-session", "--cap-drop", "ALL"));
        String user = Integer.toString(SharedView.USER_ID);
        line.addAll(List.of("--uid", user, "--gid", user));
        system(line);
        bind(line, "--bind", Files.createDirectories(folder.resolve("tmp")), Path.of("/tmp"));
        bind(line, "--bind", Files.createDirectories(folder.resolve("home")), Path.of(SharedView.HOME));
        for (Path program : programs) {
            if (!program.startsWith("/usr")) {
                bind(line, "--ro-bind-try", program, program);
            }
        }
        installation(line);
        bind(line, "--bind", folder, folder);
        if (owner == null) {
            hold(line);
        } else {
            give(line, owner);
        }
        line.addAll(List.of("--chdir", folder.toString(), "--setenv", "HOME", SharedView.HOME));
        line.add("--");
        line.addAll(command);
        return line;
    }

    private void system(List<String> line) throws IOException {
        bind(line, "--ro-bind", Path.of("/usr"), Path.of("/usr"));
        for (String name : SYSTEM) {
            Path path = Path.of("/", name);
            if (Files.isSymbolicLink(path)) {
                line.addAll(List.of("--symlink", Files.readSymbolicLink(path).toString(), path.toString()));
            } else if (Files.isDirectory(path)) {
                bind(line, "--ro-bind", path, path);
            }
        }
        for (String name : ETC) {
            Path path = Path.of("/etc").resolve(name);
            bind(line, "--ro-bind-try", path, path);
        }
        bind(line, "--ro-bind", view.folder().resolve(SharedView.PASSWD), Path.of("/etc/passwd"));
        bind(line, "--ro-bind", view.folder().resolve(SharedView.GROUP), Path.of("/etc/group"));
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        KERNEL.forEach(name -> bind(line, "--ro-bind-try", Path.of("/proc", name), Path.of("/proc", name)));
        KERNEL_SECRETS.stream()
                .map(name -> Path.of("/proc", name))
                .filter(Files::exists)
                .forEach(path -> bind(line, "--ro-bind", Path.of("/dev/null"), path));
        Path processors = Path.of("/sys/devices/system/cpu");
        bind(line, "--ro-bind-try", processors, processors);
    }

    private void installation(List<String> line) {
        bind(line, "--ro-bind", view.folder(), dataDir.resolve("run"));
        Path archives = dataDir.resolve("runtimes");
        bind(line, "--ro-bind-try", archives, archives);
        line.addAll(List.of(
                "--symlink",
                dataDir.resolve("run").resolve(SharedView.STORAGE).toString(),
                dataDir.resolve("files").resolve(".storage").toString()));
    }

    private void hold(List<String> line) throws IOException {
        for (String name : List.of("warehouses", "files")) {
            bind(line, "--bind", Files.createDirectories(dataDir.resolve(name)), Path.of(HOLD, name));
        }
    }

    private void give(List<String> line, NodeOwner owner) throws IOException {
        for (Path path : List.of(warehouse(owner), files(owner))) {
            bind(line, "--bind", Files.createDirectories(path), path);
        }
        if (owner.driverNodeId() != null) {
            // The driver names its tables by its own folder.
            Path named = dataDir.resolve("nodes").resolve(owner.driverNodeId()).resolve("warehouse");
            line.addAll(List.of("--symlink", warehouse(owner).toString(), named.toString()));
        }
    }

    private static void bind(List<String> line, String how, Path from, Path to) {
        line.addAll(List.of(how, from.toString(), to.toString()));
    }
}
