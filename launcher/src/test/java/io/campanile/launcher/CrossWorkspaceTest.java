package io.campanile.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/cross-workspace.md lists every statement that goes past the fence between workspaces, and nothing goes past it in
 * another way. {@code -Dlist.write=true} writes the list anew.
 */
final class CrossWorkspaceTest {
    private static final Path DOCUMENT = Path.of("../docs/cross-workspace.md");
    private static final String BEGIN = "<!-- list: written by CrossWorkspaceTest -->\n";
    private static final String END = "<!-- end of list -->";
    private static final List<String> SERVICES =
            List.of("common", "identity", "workspace", "cluster-manager", "notebook-service");
    private static final Pattern DOOR =
            Pattern.compile("(?:this\\.(\\w+) = |DSLContext (\\w+)(?: =\\s+|\\(DSLContext \\w+\\) \\{\\s+return ))?"
                    + "\\w+\\.acrossWorkspaces\\(\\s*(?:\\w+,\\s*)?\"([^\"]+)\"");

    private static final String STATEMENT =
            "(?:\\s*\\.\\s*(?:select|update|delete|insert|fetch|execute)|\\s+:\\s|\\((?!DSLContext))";

    /** Ways to a connection or a context that the fence does not see. */
    private static final Set<String> PAST =
            Set.of("connection", "connectionResult", "derive", "set", "parsingConnection");

    @Test
    void theListHasEveryStatementThatReachesOverWorkspaces() throws Exception {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        assertThat(begin).as("the place of the list in %s", DOCUMENT).isBetween(0, end);
        String found = list();

        if (Boolean.getBoolean("list.write")) {
            Files.writeString(
                    DOCUMENT, document.substring(0, begin + BEGIN.length()) + found + document.substring(end));
            return;
        }
        assertThat(document.substring(begin + BEGIN.length(), end))
                .as(
                        "the list in %s is old: look at what is new, then ./mvnw -pl launcher -am test"
                                + " -Dtest=CrossWorkspaceTest -Dsurefire.failIfNoSpecifiedTests=false -Dlist.write=true",
                        DOCUMENT)
                .isEqualTo(found);
    }

    @Test
    void nothingGoesAroundTheFence() {
        for (String module : SERVICES) {
            JavaClasses classes = new ClassFileImporter().importPath(Path.of("..", module, "target/classes"));
            assertThat(classes).as("%s is built", module).isNotEmpty();
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.campanile.common.db")
                    .should()
                    .accessTargetWhere(around())
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.zaxxer..", "org.postgresql..", "javax.sql..")
                    .check(classes);
        }
    }

    private static DescribedPredicate<JavaAccess<?>> around() {
        return DescribedPredicate.describe("goes around the fence", access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getName();
            boolean configured = owner.equals("org.jooq.DSLContext") || owner.equals("org.jooq.Configuration");
            boolean opened = owner.equals("org.jooq.impl.DSL")
                    && name.equals("using")
                    && !access.getDescription().contains("using(org.jooq.Configuration)");
            return configured && PAST.contains(name) || opened || owner.equals("java.sql.DriverManager");
        });
    }

    private static String list() throws IOException {
        Set<String> rows = new TreeSet<>();
        for (String module : SERVICES) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    rows.addAll(doors(module, file));
                }
            }
        }
        return "| service | store | statements | why they reach over workspaces |\n|---|---|---|---|\n"
                + String.join("", rows);
    }

    private static List<String> doors(String module, Path file) throws IOException {
        String source = Files.readString(file);
        String store = file.getFileName().toString().replace(".java", "");
        List<String> rows = new ArrayList<>();
        Matcher door = DOOR.matcher(source);
        while (door.find()) {
            String name = door.group(1) == null ? door.group(2) : door.group(1);
            // A context that is kept: what begins with it is a statement.
            long statements = name == null
                    ? 1
                    : Pattern.compile("\\b" + name + STATEMENT)
                            .matcher(source)
                            .results()
                            .count();
            rows.add("| " + module + " | " + store + " | " + statements + " | " + door.group(3) + " |\n");
        }
        return rows;
    }
}
