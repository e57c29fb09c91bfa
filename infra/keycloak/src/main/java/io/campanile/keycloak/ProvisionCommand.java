package io.campanile.keycloak;

import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a realm for a deployment, or brings one up to date, and says what the deployment's settings are. */
@Command(
        name = "provision",
        mixinStandardHelpOptions = true,
        description = "Makes a realm of Keycloak for a deployment of Campanile, or brings one up to date.",
        footer = "The administrator of Keycloak is read from KEYCLOAK_ADMIN_USER and KEYCLOAK_ADMIN_PASSWORD.")
public final class ProvisionCommand implements Callable<Integer> {
    @Option(names = "--server", required = true, description = "address of Keycloak, such as https://id.example.com")
    private String server = "";

    @Option(names = "--realm", defaultValue = "campanile", description = "name of the realm (default: campanile)")
    private String realm = "campanile";

    @Option(
            names = "--origin",
            required = true,
            description = "address of the deployment, such as https://campanile.example.com; once for every host name")
    private List<String> origins = List.of();

    @Option(
            names = "--write",
            description = "file for the settings (0600); otherwise they are printed, with the secret")
    private @Nullable Path write;

    private ProvisionCommand() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ProvisionCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(words(failure));
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        String user = variable("KEYCLOAK_ADMIN_USER");
        String password = variable("KEYCLOAK_ADMIN_PASSWORD");
        try (Keycloak keycloak = KeycloakBuilder.builder()
                .serverUrl(server)
                .realm("master")
                .clientId("admin-cli")
                .username(user)
                .password(password)
                .build()) {
            Provisioner.Outcome outcome = new Provisioner(keycloak).provision(new Provisioner.Wanted(realm, origins));
            say(outcome.changes().isEmpty() ? "The realm " + realm + " was as it should be." : "Done:");
            outcome.changes().forEach(change -> say("  " + change));
            give(settings(outcome));
        }
        return 0;
    }

    private String settings(Provisioner.Outcome outcome) {
        String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        return """
                identity.sso.issuer = %s/realms/%s
                identity.sso.client-id = %s
                identity.sso.client-secret = %s
                identity.sso.admin-role = admin
                """.formatted(base, outcome.realm(), Provisioner.CLIENT, outcome.secret());
    }

    private void give(String settings) throws IOException {
        @Nullable Path file = write;
        if (file == null) {
            say("Settings for campanile.properties:");
            say(settings);
            return;
        }
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, settings, StandardCharsets.UTF_8);
        say("The settings are in " + file + ".");
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " is not set: the user and the password of an administrator of Keycloak are needed");
        }
        return value;
    }

    private static String words(Exception failure) {
        // The client asks for its own token within the first call, so a refusal of it comes wrapped.
        if (failure instanceof NotAuthorizedException || failure.getCause() instanceof NotAuthorizedException) {
            return "Keycloak does not know this administrator: look at KEYCLOAK_ADMIN_USER and KEYCLOAK_ADMIN_PASSWORD";
        }
        if (failure instanceof ProcessingException) {
            return "Keycloak does not answer: " + failure.getMessage();
        }
        return String.valueOf(failure.getMessage());
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
