package io.campanile.libraries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.eclipse.aether.artifact.Artifact;

/** The artifacts that Spark brings. Its class path comes first, so another version of one would never be used. */
final class SparkJars {
    private static final Pattern NAME = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");
    private static final String POMS = "META-INF/maven/";

    private final Map<String, Path> jars;

    private SparkJars(Map<String, Path> jars) {
        this.jars = jars;
    }

    static SparkJars of(Path folder) throws IOException {
        Map<String, Path> jars = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                    if (name.matches()) {
                        jars.put(name.group(1), file);
                    }
                }
            }
        }
        return new SparkJars(jars);
    }

    /** The version that Spark has of an artifact. */
    Optional<String> version(Artifact artifact) {
        Path jar = jars.get(artifact.getArtifactId());
        if (jar == null || !artifact.getClassifier().isEmpty() || !sameGroup(jar, artifact)) {
            return Optional.empty();
        }
        Matcher name = NAME.matcher(String.valueOf(jar.getFileName()));
        return name.matches() ? Optional.of(name.group(2)) : Optional.empty();
    }

    /** A jar that Maven built says of which group it is; of others the name has to do. */
    private static boolean sameGroup(Path jar, Artifact artifact) {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            List<String> poms = file.stream()
                    .map(ZipEntry::getName)
                    .filter(entry -> entry.startsWith(POMS)
                            && entry.endsWith("/" + artifact.getArtifactId() + "/pom.properties"))
                    .toList();
            return poms.isEmpty()
                    || poms.contains(POMS + artifact.getGroupId() + "/" + artifact.getArtifactId() + "/pom.properties");
        } catch (IOException e) {
            return true;
        }
    }
}
