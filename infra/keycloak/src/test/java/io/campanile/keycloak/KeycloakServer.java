package io.campanile.keycloak;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;

/** The real Keycloak of the distribution on a loopback port, with the shipped realm imported; it starts in half a minute. */
final class KeycloakServer implements AutoCloseable {
    static final String ADMIN = "operator";
    static final String PASSWORD = "a-password-of-tests";
    static final String CLIENT_SECRET = "a-client-secret-of-tests";

    private final int port;
    private final Path log;
    private final Path home = Path.of(requireNonNull(System.getProperty("campanile.keycloak")));
    private final Process process;

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    KeycloakServer(int port, Path dataDir, String origin) throws Exception {
        this.port = port;
        this.log = dataDir.resolve("keycloak.log");
        Path realms = Files.createDirectories(home.resolve("data/import"));
        Files.copy(
                Path.of(requireNonNull(System.getProperty("campanile.realm"))),
                realms.resolve("realm.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        ADMIN,
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        PASSWORD,
                        "CAMPANILE_CLIENT_SECRET",
                        CLIENT_SECRET,
                        "CAMPANILE_ORIGIN",
                        origin,
                        "JAVA_OPTS_KC_HEAP",
                        "-Xms64m -Xmx512m -XX:TieredStopAtLevel=1"));
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        awaitAnswer();
    }

    String url() {
        return url(port);
    }

    static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** The end of its log, for a failure. */
    String said() {
        try {
            String all = Files.readString(log);
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Keycloak admin() {
        return KeycloakBuilder.builder()
                .serverUrl(url())
                .realm("master")
                .clientId("admin-cli")
                .username(ADMIN)
                .password(PASSWORD)
                .build();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAnswer() throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(4));
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url() + "/realms/campanile/.well-known/openid-configuration"))
                .timeout(Duration.ofSeconds(5))
                .build();
        while (Instant.now().isBefore(end) && process.isAlive()) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            process.waitFor(500, TimeUnit.MILLISECONDS);
        }
        close();
        throw new AssertionError("Keycloak did not start:\n" + said());
    }
}
