package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The graph of packages in docs/ARCHITECTURE.md is the one that was built. {@code -Dgraph.write=true} writes it anew.
 */
final class PackageGraphTest {
    private static final Path DOCUMENT = Path.of("../docs/ARCHITECTURE.md");
    private static final String BEGIN = "<!-- graph: written by PackageGraphTest -->\n";
    private static final String END = "<!-- end of graph -->";
    private static final List<String> MODULES = List.of(
            "common",
            "gateway",
            "identity",
            "workspace",
            "cluster-manager",
            "notebook-service",
            "node/protocol",
            "node/files",
            "node/agent",
            "node/driver",
            "node/java-kernel",
            "node/libraries",
            "launcher");

    @Test
    void theGraphInTheArchitectureIsTheOneThatWasBuilt() throws Exception {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        assertThat(begin).as("the place of the graph in %s", DOCUMENT).isBetween(0, end);
        String built = graph();

        if (Boolean.getBoolean("graph.write")) {
            Files.writeString(
                    DOCUMENT, document.substring(0, begin + BEGIN.length()) + built + document.substring(end));
            return;
        }
        assertThat(document.substring(begin + BEGIN.length(), end))
                .as(
                        "the graph in %s is old: ./mvnw -pl launcher -am test -Dtest=PackageGraphTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dgraph.write=true",
                        DOCUMENT)
                .isEqualTo(built);
    }

    private static String graph() {
        StringBuilder text = new StringBuilder("```\n");
        for (String module : MODULES) {
            Map<String, Set<String>> uses = uses(module);
            assertThat(uses).as("%s is built", module).isNotEmpty();
            text.append(module).append('\n');
            uses.forEach((from, to) -> text.append("  ")
                    .append(String.format("%-16s", from))
                    .append(to.isEmpty() ? "" : " -> " + String.join(" ", to))
                    .append('\n'));
        }
        return text.append("```\n").toString();
    }

    /** Which packages each package of a module uses: its own by their short names, those of other modules in full. */
    private static Map<String, Set<String>> uses(String module) {
        // The Java kernel's classes lie beside those of a library that it carries in part.
        JavaClasses classes = new ClassFileImporter()
                .importPath(Path.of("..", module, "target/classes"))
                .that(JavaClass.Predicates.resideInAPackage("io.campanile.."));
        Set<String> own = classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        String root = own.stream().reduce(PackageGraphTest::common).orElse("");
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            if (generated(type.getPackageName())) {
                continue;
            }
            Set<String> targets = uses.computeIfAbsent(shortName(type.getPackageName(), root), name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                boolean another = !target.equals(type.getPackageName());
                if (another && target.startsWith("io.campanile.") && !generated(target)) {
                    targets.add(own.contains(target) ? shortName(target, root) : target.substring(13));
                }
            }
        }
        return uses;
    }

    private static boolean generated(String name) {
        return name.contains(".db.") || name.endsWith(".db") && !name.equals("io.campanile.common.db");
    }

    private static String shortName(String name, String root) {
        return name.equals(root) ? "(root)" : name.substring(root.length() + 1);
    }

    private static String common(String one, String other) {
        String prefix = one;
        while (!(other + ".").startsWith(prefix + ".")) {
            prefix = prefix.substring(0, prefix.lastIndexOf('.'));
        }
        return prefix;
    }
}
