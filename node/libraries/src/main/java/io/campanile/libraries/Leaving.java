package io.campanile.libraries;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.DependencyCollectionContext;
import org.eclipse.aether.collection.DependencySelector;
import org.eclipse.aether.graph.Dependency;

/** Leaves out of a library what Spark has, with all that it would bring; remembers it to say so. */
final class Leaving implements DependencySelector {
    private final SparkJars spark;
    private final Map<String, String> left = new LinkedHashMap<>();

    Leaving(SparkJars spark) {
        this.spark = spark;
    }

    @Override
    public boolean selectDependency(Dependency dependency) {
        Artifact artifact = dependency.getArtifact();
        return spark.version(artifact)
                .map(version -> {
                    note(artifact, version);
                    return false;
                })
                .orElse(true);
    }

    private synchronized void note(Artifact artifact, String version) {
        left.put(
                artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion(),
                artifact.getVersion().equals(version) ? "" : " (Spark's is " + version + ")");
    }

    @Override
    public DependencySelector deriveChildSelector(DependencyCollectionContext context) {
        return this;
    }

    synchronized List<String> words() {
        return left.entrySet().stream()
                .map(entry -> entry.getKey() + entry.getValue())
                .toList();
    }
}
