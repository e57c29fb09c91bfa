package io.campanile.identity.principals;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.directory.HttpDirectory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.http.InternalClient;
import io.campanile.identity.testing.DirectoryFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory as the other services use it. */
final class PrincipalsApiTest {
    @TempDir
    static Path dataDir;

    private static DirectoryFixture platform;
    private static HttpDirectory directory;

    @BeforeAll
    static void start() throws Exception {
        platform = new DirectoryFixture(dataDir);
        directory = new HttpDirectory(
                new InternalClient(
                        platform.test.environment().directory(),
                        platform.test.environment().tokens(),
                        "identity"),
                "workspace");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void namesAndIdsLeadToTheSamePrincipals() {
        List<Principal> named = directory.byName(
                platform.user,
                List.of(
                        new Principal.Name(PrincipalKind.USER, "ADMIN@example.com"),
                        new Principal.Name(PrincipalKind.GROUP, "Admins"),
                        new Principal.Name(PrincipalKind.GROUP, "nobody"),
                        new Principal.Name(PrincipalKind.SERVICE_PRINCIPAL, "admin@example.com")));

        assertThat(named).extracting(Principal::name).containsExactlyInAnyOrder("admins", "Admin@example.com");
        assertThat(named).allMatch(Principal::active);
        assertThat(directory.byId(
                        platform.user,
                        named.stream().map(Principal::principalId).toList()))
                .containsExactlyElementsOf(named);
    }

    @Test
    void anotherWorkspacesPrincipalsAreNotThere() {
        assertThat(directory.byId(platform.otherAdmin, List.of(platform.admin.userId(), platform.user.userId())))
                .isEmpty();
        assertThat(directory.byName(
                        platform.otherAdmin, List.of(new Principal.Name(PrincipalKind.USER, "admin@example.com"))))
                .isEmpty();
        assertThat(directory.byName(
                        platform.otherAdmin, List.of(new Principal.Name(PrincipalKind.USER, "bob@example.com"))))
                .extracting(Principal::principalId)
                .containsExactly(platform.otherUser.userId());
    }

    @Test
    void nobodyButAServiceMayAsk() {
        assertThat(platform.send("POST", "/internal/principals", "{\"ids\":[1]}", platform.admin)
                        .statusCode())
                .isEqualTo(403);
    }
}
