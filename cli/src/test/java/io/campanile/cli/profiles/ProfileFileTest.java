package io.campanile.cli.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.cli.exit.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileFileTest {
    @TempDir
    Path home;

    private Path write(String text, String mode) throws IOException {
        Path file = Files.writeString(home.resolve(".campanilecfg"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void commentsAndOtherProfilesStayAsTheyAre() throws IOException {
        Path file =
                write("# mine\n[DEFAULT]\nhost = http://a\ntoken = 1\n\n; other\n[b]\nhost=http://b\n", "rw-------");

        new ProfileFile(file).put(new Profile("DEFAULT", Map.of("host", "http://c", "user", "u")));

        assertThat(file).hasContent("# mine\n[DEFAULT]\nhost = http://c\nuser = u\n\n; other\n[b]\nhost=http://b\n");
        new ProfileFile(file).remove("b");
        assertThat(file).hasContent("# mine\n[DEFAULT]\nhost = http://c\nuser = u\n\n; other\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatOthersReadIsRefused() throws IOException {
        Path file = write("[DEFAULT]\nhost = http://a\n", "rw-r-----");

        assertThatThrownBy(() -> new ProfileFile(file).all())
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path file = write("[DEFAULT]\nhost = http://a\n", "rw-------");
        Path link = Files.createSymbolicLink(home.resolve("link"), file);

        new ProfileFile(link).put(new Profile("x", Map.of("host", "http://x")));

        assertThat(link).isSymbolicLink();
        assertThat(new ProfileFile(file).find("x")).isPresent();
    }

    @Test
    void theEnvironmentStandsInForTheDefaultProfileButNeverForANamedOne() throws IOException {
        write("[DEFAULT]\nhost = http://a\ntoken = 1\n[b]\nhost = http://b\ntoken = 2\n", "rw-------");
        Map<String, String> environment = Map.of("CAMPANILE_HOST", "http://e", "CAMPANILE_TOKEN", "3");

        assertThat(new Profiles(environment, home, null).current().values()).containsEntry("token", "3");
        assertThat(new Profiles(environment, home, "b").current().values()).containsEntry("host", "http://b");
        assertThatThrownBy(() -> new Profiles(Map.of("CAMPANILE_HOST", "http://e"), home, null).current())
                .as("a token is shown to no other server than its own")
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("CAMPANILE_TOKEN");
    }
}
