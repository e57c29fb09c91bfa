package io.campanile.clusters.library;

import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.ClusterAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPermissionsRequest;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.CreatePolicy;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.InstallLibraries;
import com.databricks.sdk.service.compute.Library;
import com.databricks.sdk.service.compute.LibraryFullStatus;
import com.databricks.sdk.service.compute.LibraryInstallStatus;
import com.databricks.sdk.service.compute.MavenLibrary;
import com.databricks.sdk.service.compute.PythonPyPiLibrary;
import com.databricks.sdk.service.compute.RCranLibrary;
import com.databricks.sdk.service.compute.RestartCluster;
import com.databricks.sdk.service.compute.UninstallLibraries;
import io.campanile.clusters.testing.FakeAgent;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.LibraryState;
import io.campanile.node.protocol.ControlMessage.LibraryStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The public API of libraries, with agents that say what the test lets them say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LibrariesApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final Caller EVE = new Caller(2, 7, "eve@example.com", true, null, "request-1");
    private static final Library TEXT = maven("org.apache.commons:commons-text:1.12.0");
    private static final Library JAR = new Library().setJar("/Volumes/main/default/jars/tools.jar");

    private TestManager manager;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        manager = new TestManager(
                dataDir,
                new KnownPrincipals()
                        .with(1, 7, PrincipalKind.USER, "ann@example.com")
                        .with(1, 8, PrincipalKind.USER, "bob@example.com"));
    }

    @AfterAll
    void stop() {
        manager.close();
    }

    @Test
    void librariesComeToARunningClusterAndLeaveItWithItsDriver() throws Exception {
        String id = running("life");
        install(client(), id, List.of(TEXT, JAR));
        install(client(), id, List.of(JAR));

        ControlMessage.Libraries told = told(id, 2);
        assertThat(told.libraries()).extracting(ControlMessage.Library::jar).containsExactly(null, JAR.getJar());
        assertThat(told.libraries().get(0).repositories()).containsExactly("https://repo1.maven.org/maven2/");
        assertThat(states(id)).containsExactly("PENDING", "PENDING");
        driver(id)
                .libraries(List.of(
                        status(told, 0, LibraryState.INSTALLED, "Left out: a"),
                        status(told, 1, LibraryState.FAILED, "no")));
        await().until(() -> states(id).equals(List.of("INSTALLED", "FAILED")));
        assertThat(statuses(id).get(1).getMessages()).containsExactly("no");
        assertThat(statuses(id).get(0).getLibrary()).isEqualTo(TEXT);
        assertThat(statuses(id).get(0).getIsLibraryForAllClusters()).isFalse();

        // What failed is tried again when it is asked for again.
        install(client(), id, List.of(JAR));
        assertThat(states(id)).containsExactly("INSTALLED", "PENDING");
        assertThat(told(id, 2).libraries().get(1).id())
                .isNotEqualTo(told.libraries().get(1).id());
        uninstall(client(), id, List.of(TEXT, new Library().setWhl("dbfs:/never.whl")));
        assertThat(states(id)).containsExactly("UNINSTALL_ON_RESTART", "PENDING");
        install(client(), id, List.of(TEXT));
        assertThat(states(id)).containsExactly("INSTALLED", "PENDING");
        uninstall(client(), id, List.of(TEXT));
        client().clusters().restart(new RestartCluster().setClusterId(id)).get(SOON);
        assertThat(statuses(id)).extracting(one -> one.getLibrary()).containsExactly(JAR);
        assertThat(told(id, 1).libraries().get(0).jar()).isEqualTo(JAR.getJar());
    }

    @Test
    void aTerminatedClusterGetsThemAtItsNextStart() throws Exception {
        String id = running("later");
        client().clusters().delete(id).get(SOON);

        install(client(), id, List.of(TEXT, JAR));
        assertThat(states(id)).containsExactly("PENDING", "PENDING");
        uninstall(client(), id, List.of(JAR));
        assertThat(states(id)).containsExactly("PENDING");
        client().clusters().start(id).get(SOON);

        assertThat(told(id, 1).libraries().get(0).coordinates())
                .isEqualTo(TEXT.getMaven().getCoordinates());
        // It is told before it may run anything.
        List<ControlMessage> frames = driver(id).received();
        assertThat(frames.stream()
                        .filter(frame -> !(frame instanceof ControlMessage.Welcome))
                        .toList()
                        .get(0))
                .isInstanceOf(ControlMessage.Libraries.class);
        client().clusters().permanentDelete(id);
        refused(() -> statuses(id), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("Cluster " + id + " does not exist");
    }

    @Test
    void whatCannotBeInstalledIsRefusedWithItsField() throws Exception {
        String id = running("refusals");

        invalid(id, new Library().setEgg("dbfs:/a.egg"), "libraries[0].egg: eggs are not supported");
        invalid(id, new Library().setWhl("dbfs:/a.whl"), "libraries[0].whl: clusters have no Python runtime");
        invalid(id, new Library().setRequirements("/a.txt"), "libraries[0].requirements: clusters have no Python");
        invalid(
                id,
                new Library().setPypi(new PythonPyPiLibrary().setPackage("simplejson")),
                "libraries[0].pypi: clusters have no Python runtime");
        invalid(
                id,
                new Library().setCran(new RCranLibrary().setPackage("ada")),
                "libraries[0].cran: clusters have no R runtime");
        invalid(id, maven("commons-text"), "libraries[0].maven.coordinates must be groupId:artifactId:version");
        invalid(id, maven("a b:c:1"), "libraries[0].maven.coordinates must be");
        invalid(
                id,
                new Library()
                        .setMaven(new MavenLibrary().setCoordinates("a:b:1").setExclusions(List.of("x"))),
                "libraries[0].maven.exclusions must be groupId:artifactId");
        for (String repo : List.of("file:///etc", "https://ann:pw@example.com/m2", "nowhere")) {
            invalid(
                    id,
                    new Library()
                            .setMaven(new MavenLibrary().setCoordinates("a:b:1").setRepo(repo)),
                    "libraries[0].maven.repo must be the http or https address");
        }
        for (String jar : List.of("/tmp/a.jar", "s3://bucket/a.jar", "dbfs:/a.txt", "/Volumes/../../etc/a.jar")) {
            invalid(id, new Library().setJar(jar), "libraries[0].jar must be the path of a .jar file");
        }
        invalid(id, new Library().setJar("/Workspace/a.jar"), "libraries[0].jar: jars among the notebooks");
        invalid(id, new Library().setJar("dbfs:/a.jar").setEgg("dbfs:/a.egg"), "libraries[0] needs exactly one of");
        invalid(id, new Library(), "libraries[0] needs exactly one of");
        refused(() -> install(client(), id, List.of()), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("libraries must name at least one library");
        refused(() -> install(client(), "nowhere", List.of(JAR)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("Cluster nowhere does not exist");
        assertThat(statuses(id)).isEmpty();
        List<Library> many = IntStream.range(0, 100)
                .mapToObj(i -> new Library().setJar("dbfs:/" + i + ".jar"))
                .toList();
        install(client(), id, many);
        refused(() -> install(client(), id, List.of(JAR)), 400, "RESOURCE_LIMIT_EXCEEDED")
                .hasMessageContaining("libraries: a cluster has at most 100 libraries");
        assertThat(statuses(id)).hasSize(100);
    }

    @Test
    void onlyWhoManagesAClusterChangesItsLibraries() throws Exception {
        String id = running("shared");
        install(client(), id, List.of(TEXT));
        var bob = manager.client(BOB).libraries();

        refused(() -> bob.clusterStatus(id).forEach(one -> {}), 403, "PERMISSION_DENIED");
        assertThat(clusters(manager.client(BOB))).doesNotContain(id);
        client().clusters()
                .setPermissions(new ClusterPermissionsRequest()
                        .setClusterId(id)
                        .setAccessControlList(List.of(new ClusterAccessControlRequest()
                                .setUserName("bob@example.com")
                                .setPermissionLevel(ClusterPermissionLevel.CAN_RESTART))));
        assertThat(bob.clusterStatus(id)).hasSize(1);
        assertThat(clusters(manager.client(BOB))).contains(id);
        refused(() -> install(manager.client(BOB), id, List.of(JAR)), 403, "PERMISSION_DENIED")
                .hasMessageContaining("CAN_MANAGE");
        refused(() -> uninstall(manager.client(BOB), id, List.of(TEXT)), 403, "PERMISSION_DENIED");
        var eve = manager.client(EVE);
        assertThat(clusters(eve)).isEmpty();
        refused(() -> eve.libraries().clusterStatus(id).forEach(one -> {}), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("Cluster " + id + " does not exist");
        refused(() -> install(eve, id, List.of(JAR)), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> uninstall(eve, id, List.of(TEXT)), 400, "INVALID_PARAMETER_VALUE");
        assertThat(states(id)).containsExactly("PENDING");
    }

    @Test
    void aPolicyBringsItsLibraries() throws Exception {
        String policy = client().clusterPolicies()
                .create(new CreatePolicy()
                        .setName("with libraries")
                        .setDefinition("{}")
                        .setLibraries(List.of(TEXT, new Library().setPypi(new PythonPyPiLibrary().setPackage("x")))))
                .getPolicyId();
        String id = client().clusters()
                .create(small("governed").setPolicyId(policy))
                .get(SOON)
                .getClusterId();

        assertThat(states(id)).containsExactly("PENDING", "SKIPPED");
        assertThat(statuses(id).get(1).getMessages().iterator().next()).contains("no Python runtime");
        assertThat(told(id, 1).libraries()).hasSize(1);
        refused(() -> uninstall(client(), id, List.of(TEXT)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining(
                        "libraries[0]: org.apache.commons:commons-text:1.12.0 is a library of cluster policy "
                                + policy);
        client().clusters()
                .edit(new EditCluster()
                        .setClusterId(id)
                        .setClusterName("free")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(0L));
        assertThat(states(id)).containsExactly("UNINSTALL_ON_RESTART", "UNINSTALL_ON_RESTART");
        client().clusters().restart(new RestartCluster().setClusterId(id)).get(SOON);
        assertThat(statuses(id)).isEmpty();
    }

    /** {@code databricks_library}: install, read until it is there, uninstall; the plan stays empty in between. */
    @Test
    void terraformReadsWhatItSet() throws Exception {
        String id = running("by terraform");
        Library wanted = new Library()
                .setMaven(new MavenLibrary()
                        .setCoordinates("com.example:thing:1.0")
                        .setExclusions(List.of("b:*", "a:a"))
                        .setRepo("https://example.com/m2"));

        install(client(), id, List.of(wanted));
        ControlMessage.Libraries told = told(id, 1);
        assertThat(told.libraries().get(0).repositories())
                .containsExactly("https://example.com/m2", "https://repo1.maven.org/maven2/");
        driver(id).libraries(List.of(status(told, 0, LibraryState.RESOLVING)));
        await().until(() -> states(id).equals(List.of("RESOLVING")));
        driver(id).libraries(List.of(status(told, 0, LibraryState.INSTALLED)));
        await().until(() -> states(id).equals(List.of("INSTALLED")));

        Library read = statuses(id).get(0).getLibrary();
        assertThat(read.getMaven().getCoordinates()).isEqualTo("com.example:thing:1.0");
        assertThat(read.getMaven().getRepo()).isEqualTo("https://example.com/m2");
        assertThat(read.getMaven().getExclusions()).containsExactlyInAnyOrder("b:*", "a:a");
        uninstall(client(), id, List.of(wanted));
        assertThat(states(id)).containsExactly("UNINSTALL_ON_RESTART");
    }

    private void invalid(String id, Library library, String message) {
        refused(() -> install(client(), id, List.of(library)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining(message);
    }

    private static void install(WorkspaceClient client, String id, List<Library> libraries) {
        client.libraries().install(new InstallLibraries().setClusterId(id).setLibraries(libraries));
    }

    private static void uninstall(WorkspaceClient client, String id, List<Library> libraries) {
        client.libraries().uninstall(new UninstallLibraries().setClusterId(id).setLibraries(libraries));
    }

    private WorkspaceClient client() {
        return manager.client(ANN);
    }

    private String running(String name) throws Exception {
        return client().clusters().create(small(name)).get(SOON).getClusterId();
    }

    private static CreateCluster small(String name) {
        return new CreateCluster()
                .setClusterName(name)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L);
    }

    private static Library maven(String coordinates) {
        return new Library().setMaven(new MavenLibrary().setCoordinates(coordinates));
    }

    private List<LibraryFullStatus> statuses(String id) {
        return list(client().libraries().clusterStatus(id));
    }

    private List<String> states(String id) {
        return statuses(id).stream()
                .map(LibraryFullStatus::getStatus)
                .map(LibraryInstallStatus::name)
                .toList();
    }

    private static List<String> clusters(WorkspaceClient client) {
        return list(client.libraries().allClusterStatuses()).stream()
                .map(one -> one.getClusterId())
                .toList();
    }

    private static <T> List<T> list(Iterable<T> all) {
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    /** The agent of the driver that the cluster has now. */
    private FakeAgent driver(String id) {
        return manager.provider().agents().stream()
                .filter(agent -> agent.received().stream()
                        .anyMatch(frame -> frame instanceof ControlMessage.Assign assign
                                && assign.assignment().clusterId().equals(id)))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** What the cluster's driver was told last, once it is so many libraries. */
    private ControlMessage.Libraries told(String id, int count) {
        return await().until(
                        () -> driver(id).received().stream()
                                .filter(ControlMessage.Libraries.class::isInstance)
                                .map(ControlMessage.Libraries.class::cast)
                                .reduce((first, second) -> second)
                                .orElse(new ControlMessage.Libraries(List.of(), 0, 0)),
                        order -> order.libraries().size() == count);
    }

    private static LibraryStatus status(
            ControlMessage.Libraries told, int index, LibraryState state, String... messages) {
        return new LibraryStatus(told.libraries().get(index).id(), state, List.of(messages));
    }
}
