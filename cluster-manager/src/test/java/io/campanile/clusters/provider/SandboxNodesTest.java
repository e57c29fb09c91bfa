package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, kept by nodes in sandboxes, and what code of one person tries against another's node and the platform. */
final class SandboxNodesTest extends NodeProviderContract {
    private static final String CANARY = "canary-of-bob";

    @Override
    Isolation isolation(Path dataDir) {
        return Bubblewrap.isolation(dataDir, List.of());
    }

    @BeforeEach
    void aPlatformAndTwoPeople() throws IOException {
        Files.setPosixFilePermissions(dataDir, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(Files.createDirectories(dataDir.resolve("run")).resolve("internal.key"), CANARY);
        Files.writeString(dataDir.resolve("run/endpoints.json"), "{\"gateway\":\"http://127.0.0.1:1\"}");
        Files.createDirectories(dataDir.resolve("files/2"));
        Files.writeString(dataDir.resolve("files/2/theirs"), CANARY);
        Files.createDirectories(dataDir.resolve("files/1"));
        Files.writeString(dataDir.resolve("files/1/ours"), "shared in the workspace");
        tables(bob(), CANARY);
    }

    private ProviderNode annAndBob() throws IOException {
        provider.create(request("n-ann", ann()));
        provider.create(request("n-bob", bob()));
        order("n-bob", "echo " + CANARY + " > mine; KEY=" + CANARY + " sleep 600 & disown -a");
        return node("n-bob");
    }

    @Test
    void filesOfOthersAndOfThePlatformAreNotThere() throws IOException {
        annAndBob();

        String said = order(
                "n-ann",
                "grep -rl canary\"-of-\"bob / --exclude-dir=proc --exclude-dir=usr --exclude-dir=sys;"
                        + " ls " + dataDir + "/nodes " + dataDir + "/files " + dataDir + "/run " + warehouse(bob())
                        + "; cat /etc/shadow " + dataDir
                        + "/run/internal.key; ls -d /root /var /home/*; cat ~/../../etc/passwd");

        assertThat(said)
                .doesNotContain(CANARY + "\n", "n-bob\n")
                .contains(
                        dataDir + "/nodes:\nn-ann\n",
                        dataDir + "/files:\n1\n",
                        dataDir + "/run:\nendpoints.json\ngroup\npasswd\n",
                        "'" + warehouse(bob()) + "': No such file",
                        "/etc/shadow: No such file",
                        "internal.key: No such file",
                        "'/root': No such file",
                        "'/var': No such file",
                        "campanile:x:1000:1000");
        assertThat(said.lines()).noneMatch(line -> line.startsWith("/tmp/") && line.endsWith("/mine"));
    }

    @Test
    void processesOfOthersAreNotSeenReadNorSignalled() throws IOException {
        ProviderNode bob = annAndBob();
        List<Long> lasting = bob.pids().subList(0, 3);
        String pids = String.join(" ", lasting.stream().map(String::valueOf).toList());

        String said = order(
                "n-ann",
                "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n';"
                        + "for p in " + pids
                        + "; do [ $p -lt 100 ] || { kill -9 $p; head -c1 /proc/$p/mem; ls /proc/$p/root/; }; done;"
                        + "echo visible $(ls -d /proc/[0-9]* | wc -l)");

        assertThat(said).doesNotContain(CANARY).contains("No such process", "mem' for reading: No such file");
        String visible = said.lines()
                .filter(line -> line.startsWith("visible"))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseInt(visible.substring("visible ".length()))).isBetween(3, 12);
        assertThat(node("n-bob").pids()).containsAll(lasting);
    }

    @Test
    void thereIsNoWayToMoreRights() throws IOException {
        annAndBob();

        String said = order(
                "n-ann",
                "grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs)' /proc/self/status; unshare -Ur id;"
                        + " mount -t tmpfs none /tmp; mount -o remount,rw /usr; echo core > /proc/sys/kernel/core_pattern;"
                        + " [ ! -e /proc/sysrq-trigger ] || echo h > /proc/sysrq-trigger;"
                        + " head -c 9 /proc/kallsyms /proc/keys; find /proc/sys /proc/irq /proc/bus -writable -type f | head -3;"
                        + " echo x > /usr/x; ls /dev; id -u");

        assertThat(said)
                .contains("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1")
                .contains("CapBnd:\t0000000000000000", "unshare: unshare failed")
                .contains("core_pattern: Read-only file system", "/usr/x: Read-only file system")
                .contains(
                        "'/proc/kallsyms' for reading: Permission denied",
                        "'/proc/keys' for reading: Permission denied")
                .doesNotContain("vda", "kmsg", "uid=0")
                .endsWith("1000\n");
        assertThat(said.lines()).noneMatch(line -> line.startsWith("/proc/"));
    }

    @Test
    void itsOwnFoldersAreToBeWrittenAndServicesToBeReached() throws IOException {
        provider.create(request("n-ann", ann()));
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String said = order(
                    "n-ann",
                    "echo a > own && echo b > /tmp/b && echo c > ~/c && cat own /tmp/b ~/c;"
                            + " cat " + dataDir + "/files/1/ours; echo more > " + dataDir + "/files/1/more;"
                            + " cat " + dataDir + "/run/endpoints.json; echo; exec 3<>/dev/tcp/127.0.0.1/"
                            + service.getLocalPort()
                            + " && echo hello >&3 && echo connected");

            assertThat(said)
                    .startsWith("a\nb\nc\nshared in the workspace")
                    .contains("{\"gateway\":\"http://127.0.0.1:1\"}")
                    .endsWith("connected\n");
            try (var connection = service.accept()) {
                assertThat(new String(connection.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                        .isEqualTo("hello");
            }
        }
        assertThat(dataDir.resolve("files/1/more")).hasContent("more\n");
        Files.writeString(dataDir.resolve("run/endpoints.json"), "{\"gateway\":\"moved\"}");
        provider.list();
        assertThat(order("n-ann", "cat " + dataDir + "/run/endpoints.json")).contains("moved");
    }

    @Test
    void aNodeOfThePoolLosesSightOfWhatOthersHave() throws IOException {
        assumeTrue(isolation.opens(), "only root can give a node that runs to its owner");
        provider.create(request("n-ann", null));
        assertThat(order("n-ann", "ls /.hold/warehouses/1")).isEqualTo("8\n");

        provider.open("n-ann", ann());

        assertThat(order("n-ann", "ls -A /.hold/*; ls " + dataDir + "/warehouses/1 " + dataDir + "/files"))
                .isEqualTo("/.hold/files:\n\n/.hold/warehouses:\n" + dataDir + "/files:\n1\n\n" + dataDir
                        + "/warehouses/1:\n7\n");
    }

    @Test
    void aWorkerFindsTablesByTheNameThatItsDriverHasForThem() throws IOException {
        tables(ann(), "rows of ann");
        provider.create(request("n-worker", new NodeOwner(1, 7, "n-driver")));

        assertThat(order("n-worker", "cat " + folder("n-driver") + "/warehouse/part"))
                .isEqualTo("rows of ann\n");
    }

    @Test
    void whatHidesInASessionOfItsOwnEndsToo() throws IOException {
        provider.create(request("n-ann", ann()));
        order("n-ann", "setsid bash -c 'setsid sleep 600 & exec sleep 601' & disown -a");
        await().atMost(PATIENCE).until(() -> node("n-ann").pids().size() >= 5);
        ProviderNode node = node("n-ann");

        order("n-ann", "(sleep 0.3; kill -9 $PPID) & disown -a");
        await().atMost(PATIENCE).until(() -> node("n-ann").agent() == null);
        assertThat(node("n-ann").deploymentId()).isEqualTo(DEPLOYMENT);
        provider.terminate(node("n-ann"), true);

        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());
        assertThat(node.pids()).noneMatch(NodeProviderContract::alive);
    }

    @Test
    void nobodyPassesForTheNodeOfSomebodyElse() throws IOException {
        ProviderNode bob = annAndBob();
        String tags = NodeSearch.NODE + "n-bob " + NodeSearch.DEPLOYMENT + "other " + NodeSearch.DATA_DIR + dataDir;

        order(
                "n-ann",
                "env " + tags + " setsid sleep 600 & env " + NodeSearch.NODE + "n-new " + NodeSearch.DATA_DIR + dataDir
                        + " setsid sleep 600 & disown -a; sleep 0.2");

        assertThat(provider.list()).extracting(ProviderNode::nodeId).containsExactlyInAnyOrder("n-ann", "n-bob");
        assertThat(node("n-bob").agent()).isEqualTo(bob.agent());
        assertThat(node("n-bob").deploymentId()).isEqualTo(DEPLOYMENT);
        assertThat(node("n-ann").pids()).hasSizeGreaterThan(4);
    }

    @Test
    void aSandboxWithoutItsWrapperIsStillTheNode() throws IOException {
        ProviderNode before = annAndBob();
        long wrapper = before.pids().stream()
                .filter(pid -> !before.inside().containsValue(pid))
                .findFirst()
                .orElseThrow();
        ProcessHandle.of(wrapper).orElseThrow().destroyForcibly();
        await().atMost(PATIENCE).until(() -> !alive(wrapper));

        assertThat(node("n-bob").agent()).isEqualTo(before.agent());
        provider.terminate(before, true);

        await().atMost(PATIENCE).until(() -> provider.list().size() == 1);
    }

    @Test
    void aNodeIsKeptToItsMemoryWhereTheMachineLetsUs() throws IOException {
        assumeTrue(isolation.limits() != null, "no control group for memory can be made here");
        MemoryGroups limits = requireNonNull(isolation.limits());
        provider.create(request("n-ann", ann()));
        order("n-ann", "sleep 600 & disown -a");

        for (long pid : node("n-ann").inside().values()) {
            Path groups = Path.of("/proc", Long.toString(pid), "cgroup");
            assertThat(Files.exists(groups) ? Files.readString(groups) : "campanile-n-ann")
                    .contains("campanile-n-ann");
        }
        assertThat(limits.limitMb("n-ann")).isEqualTo(1024 + 768 + 4096);
        provider.terminate(node("n-ann"), true);
        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());
        provider.forget("n-ann");
        assertThat(limits.limitMb("n-ann")).isZero();
    }

    @Test
    void processesAreKnownByTheIdsTheyTellOfThemselves() throws IOException {
        provider.create(request("n-ann", ann()));

        long told = Long.parseLong(order("n-ann", "echo $PPID").strip());

        assertThat(node("n-ann").pidHere(told))
                .contains(requireNonNull(node("n-ann").agent()).pid());
        assertThat(node("n-ann").pidHere(4_000_000)).isEmpty();
    }
}
