package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list in docs/settings.md is that of the records of settings. {@code -Dsettings.write=true} writes it anew. */
final class SettingsPageTest {
    private static final Path DOCUMENT = Path.of("../docs/settings.md");
    private static final String BEGIN = "<!-- settings: written by SettingsPageTest -->\n";
    private static final String END = "<!-- end of settings -->";
    private static final Pattern VARIABLE = Pattern.compile("\"(CAMPANILE_[A-Z_]+[A-Z])=?\"");

    @TempDir
    Path folder;

    @Test
    void theListIsThatOfTheRecords() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        assertThat(begin).as("the place of the list in %s", DOCUMENT).isBetween(0, end);
        String list = SettingsPage.list();

        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(DOCUMENT, document.substring(0, begin + BEGIN.length()) + list + document.substring(end));
            return;
        }
        assertThat(document.substring(begin + BEGIN.length(), end))
                .as(
                        "the list in %s is old: ./mvnw -pl launcher -am test -Dtest=SettingsPageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsettings.write=true",
                        DOCUMENT)
                .isEqualTo(list);
    }

    @Test
    void nothingThatCanBeSetIsLeftOut() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(ServiceSettings.names(new DataDir(folder)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
    }

    @Test
    void everyOtherVariableThatTheCodeReadsIsExplained() throws IOException {
        String document = Files.readString(DOCUMENT);
        Set<String> read = variables();

        assertThat(read)
                .contains("CAMPANILE_HOST", "CAMPANILE_HOME")
                .allSatisfy(name -> assertThat(document).contains("`" + name + "`"));
    }

    /** Variables that stand as a word of their own in the code of the product. */
    private static Set<String> variables() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : List.of("cli", "launcher", "common", "cluster-manager", "node/agent", "node/driver")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).collect(Collectors.toList())) {
                    Matcher matcher = VARIABLE.matcher(Files.readString(file));
                    while (matcher.find()) {
                        found.add(matcher.group(1));
                    }
                }
            }
        }
        return found;
    }
}
