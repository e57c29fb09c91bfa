package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.service.workspace.CreateScope;
import com.databricks.sdk.service.workspace.PutSecret;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A planted value on a whole installation: in the hands of the cell that may read it, and nowhere else. */
@Tag("slow")
@OnSharedInstallation
final class SecretsTest {
    private static final Duration COLD = Duration.ofMinutes(4);
    private static final String CANARY = "canary-Zq7wXk93-planted";

    private static Installation installation;
    private static Person person;

    @BeforeAll
    static void start(Installation shared) throws Exception {
        installation = shared;
        person = Person.signIn(installation);
    }

    @Test
    void aCellReadsASecretThatNothingKeepsInClear() throws Exception {
        var secrets = person.sdk().secrets();
        secrets.createScope(new CreateScope().setScope("vault"));
        secrets.putSecret(new PutSecret().setScope("vault").setKey("key").setStringValue(CANARY));
        assertThat(secrets.getSecret("vault", "key").getValue())
                .isEqualTo(Base64.getEncoder().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> secrets.getSecret("vault", "other")).isInstanceOf(NotFound.class);

        long notebook = person.newNotebook("/Shared/secrets");
        try (NotebookSocket socket = person.open(notebook)) {
            String shown = run(socket, """
                    String secret = dbutils.secrets().get("vault", "key");
                    System.out.println(secret.length() + ": " + secret);
                    display(spark.sql("select '" + secret + "' as s"));
                    secret
                    """, "ok");
            String listed =
                    run(socket, "dbutils.secrets().listScopes() + \" \" + dbutils.secrets().list(\"vault\")", "ok");
            String failed = run(socket, "throw new IllegalStateException(secret);", "error");
            String missing = run(socket, "dbutils.secrets().get(\"vault\", \"other\")", "error");

            assertThat(shown).contains(CANARY.length() + ": [REDACTED]");
            assertThat(listed).contains("SecretScope[name=vault]", "SecretMetadata[key=key]");
            assertThat(failed).contains("[REDACTED]");
            assertThat(missing).contains("Secret does not exist with scope: vault and key: other");
            assertThat(shown + failed).doesNotContain(CANARY);
        }

        assertThat(files()).isEmpty();
        assertThat(processes()).isEmpty();
    }

    private static String run(NotebookSocket socket, String code, String state) throws Exception {
        JsonNode run = socket.ended(socket.run(socket.insertCell("JAVA", code)), COLD);
        assertThat(run.path("state").asText()).as("%s", run).isEqualTo(state);
        return socket.outputs(run.path("run_id").asLong()).stream()
                .map(JsonNode::toString)
                .collect(Collectors.joining("\n"));
    }

    /** Files with the value: PostgreSQL's tables and log, services' and nodes' logs, spools, results. */
    private static List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        byte[] canary = CANARY.getBytes(StandardCharsets.US_ASCII);
        Files.walkFileTree(installation.dataDir(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()
                        && attributes.size() < 64 << 20
                        && holds(Files.readAllBytes(file), canary)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static List<String> processes() throws IOException {
        List<String> found = new ArrayList<>();
        for (String role : List.of("control-plane", "postgres", "agent", "driver", "kernel")) {
            for (ProcessHandle process : installation.processes(role)) {
                for (String what : List.of("cmdline", "environ")) {
                    Path file = Path.of("/proc", Long.toString(process.pid()), what);
                    if (text(file).contains(CANARY)) {
                        found.add(role + " " + what);
                    }
                }
            }
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(byte[] content, byte[] wanted) {
        for (int i = 0; i + wanted.length <= content.length; i++) {
            int j = 0;
            while (j < wanted.length && content[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
