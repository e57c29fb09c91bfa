package io.campanile.libraries;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.maven.repository.internal.MavenRepositorySystemUtils;
import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.eclipse.aether.util.graph.selector.AndDependencySelector;

/**
 * Fetches an artifact and all that it needs at run time. Repositories are asked that the order names, not those that
 * artifacts name; a file whose checksum is wrong or missing is not taken.
 */
record MavenFetch(Path local, Path jars, SparkJars spark, long mostBytes) {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SILENT_MILLIS = 60_000;
    /** Names of a message that says what was left out. */
    private static final int NAMED = 20;

    /** {@code resolved} is called when it is known what to download. */
    Fetched fetch(Order.Wanted wanted, List<Order.Artifact> present, Runnable resolved)
            throws RepositoryException, IOException {
        RepositorySystem system = new RepositorySystemSupplier().get();
        Leaving leaving = new Leaving(spark);
        DefaultRepositorySystemSession session = session(system, leaving);
        Artifact root = new DefaultArtifact(wanted.coordinates());
        List<String> messages = new ArrayList<>();
        spark.version(root)
                .ifPresent(version -> messages.add("Spark has " + root.getArtifactId() + " " + version
                        + " and uses that; this version of it is not"));
        CollectRequest collect = new CollectRequest()
                .setRoot(new Dependency(root, JavaScopes.RUNTIME, false, exclusions(wanted)))
                .setRepositories(repositories(wanted));
        DependencyNode tree = system.collectDependencies(session, collect).getRoot();
        resolved.run();
        List<ArtifactResult> results = system.resolveDependencies(
                        session,
                        new DependencyRequest(
                                tree, DependencyFilterUtils.classpathFilter(JavaScopes.COMPILE, JavaScopes.RUNTIME)))
                .getArtifactResults();
        say(messages, "Left out, as Spark has its own: ", leaving.words());
        return place(results, present, messages);
    }

    private DefaultRepositorySystemSession session(RepositorySystem system, Leaving leaving) throws IOException {
        Files.createDirectories(local);
        DefaultRepositorySystemSession session = MavenRepositorySystemUtils.newSession();
        session.setLocalRepositoryManager(
                system.newLocalRepositoryManager(session, new LocalRepository(local.toFile())));
        session.setChecksumPolicy(RepositoryPolicy.CHECKSUM_POLICY_FAIL);
        session.setIgnoreArtifactDescriptorRepositories(true);
        session.setTransferListener(new Budget(mostBytes));
        session.setDependencySelector(new AndDependencySelector(session.getDependencySelector(), leaving));
        session.setConfigProperty(ConfigurationProperties.CONNECT_TIMEOUT, CONNECT_MILLIS);
        session.setConfigProperty(ConfigurationProperties.REQUEST_TIMEOUT, SILENT_MILLIS);
        return session;
    }

    private static List<Exclusion> exclusions(Order.Wanted wanted) {
        return wanted.exclusions().stream()
                .map(exclusion -> exclusion.split(":", 2))
                .map(parts -> new Exclusion(parts[0], parts[1], "*", "*"))
                .toList();
    }

    private static List<RemoteRepository> repositories(Order.Wanted wanted) {
        var policy = new RepositoryPolicy(
                true, RepositoryPolicy.UPDATE_POLICY_ALWAYS, RepositoryPolicy.CHECKSUM_POLICY_FAIL);
        List<RemoteRepository> repositories = new ArrayList<>();
        for (String address : wanted.repositories()) {
            String id = "repository-" + repositories.size();
            repositories.add(new RemoteRepository.Builder(id, "default", address)
                    .setPolicy(policy)
                    .build());
        }
        return repositories;
    }

    /** Under names that Spark, which goes by the name alone, cannot take for each other. */
    private Fetched place(List<ArtifactResult> results, List<Order.Artifact> present, List<String> messages)
            throws IOException {
        Map<String, Order.Artifact> known = present.stream()
                .collect(Collectors.toMap(Order.Artifact::key, Function.identity(), (one, other) -> one));
        List<String> placed = new ArrayList<>();
        List<Order.Artifact> artifacts = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (ArtifactResult result : results) {
            Artifact artifact = result.getArtifact();
            if (!artifact.getExtension().equals("jar")) {
                continue;
            }
            String key = artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getClassifier();
            Order.Artifact there = known.get(key);
            if (there == null) {
                Path jar = jars.resolve(name(artifact));
                link(artifact.getFile().toPath(), jar);
                placed.add(jar.toString());
                artifacts.add(new Order.Artifact(key, artifact.getVersion(), jar.toString()));
            } else if (!there.version().equals(artifact.getVersion())) {
                other.add(artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion()
                        + " (the cluster has " + there.version() + ")");
            }
        }
        say(messages, "Left out, as a library that was installed before has another version: ", other);
        return new Fetched(placed, artifacts, messages);
    }

    private static String name(Artifact artifact) {
        String classifier = artifact.getClassifier().isEmpty() ? "" : "-" + artifact.getClassifier();
        return artifact.getGroupId() + "_" + artifact.getArtifactId() + "-" + artifact.getVersion() + classifier
                + ".jar";
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            // By an attempt that failed later; the repository keeps what a version is.
        } catch (UnsupportedOperationException e) {
            Files.copy(from, to);
        }
    }

    private static void say(List<String> messages, String what, List<String> names) {
        if (!names.isEmpty()) {
            String rest = names.size() > NAMED ? ", and " + (names.size() - NAMED) + " more" : "";
            messages.add(what + String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + rest);
        }
    }
}
