package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.catalog.CreateVolumeRequestContent;
import com.databricks.sdk.service.catalog.VolumeType;
import com.databricks.sdk.service.files.DirectoryEntry;
import com.databricks.sdk.service.files.ListDirectoryContentsRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An installation whose files are in S3: cells, Spark and the Files API see the same ones, and the disk has none. */
@Tag("slow")
@OnOwnInstallation
final class FilesInBucketTest {
    private static final Duration COLD = Duration.ofMinutes(4);
    private static final String VOLUME = "/Volumes/main/default/v";

    @TempDir
    static Path dataDir;

    private static S3Proxy bucket;
    private static Installation installation;
    private static Person person;

    @BeforeAll
    static void start() throws Exception {
        bucket = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(new TransientNio2BlobStore())
                .build();
        bucket.start();
        String endpoint = "http://127.0.0.1:" + bucket.getPort();
        try (S3Client client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .endpointOverride(URI.create(endpoint))
                .forcePathStyle(true)
                .build()) {
            client.createBucket(create -> create.bucket("files"));
        }
        installation = Installation.at(
                dataDir,
                Map.of(
                        "CAMPANILE_WORKSPACE_STORAGE", "s3",
                        "CAMPANILE_WORKSPACE_S3_BUCKET", "files",
                        "CAMPANILE_WORKSPACE_S3_ENDPOINT", endpoint,
                        "CAMPANILE_WORKSPACE_S3_ACCESS_KEY", "access",
                        "CAMPANILE_WORKSPACE_S3_SECRET_KEY", "secret"));
        installation.up();
        person = Person.signIn(installation);
        person.sdk()
                .volumes()
                .create(new CreateVolumeRequestContent()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setName("v")
                        .setVolumeType(VolumeType.MANAGED));
    }

    @AfterAll
    static void stop() throws Exception {
        installation.close();
        bucket.stop();
    }

    @Test
    void sparkDbutilsAndTheFilesApiSeeTheSameFiles() throws Exception {
        long notebook = person.newNotebook("/Shared/files");
        try (NotebookSocket socket = person.open(notebook)) {
            String written = run(socket, """
                spark.range(1000).selectExpr("id", "id % 7 as k").write().parquet("/Volumes/main/default/v/x");
                spark.range(10).write().mode("overwrite").parquet("dbfs:/tmp/y");
                spark.range(10).write().mode("overwrite").parquet("dbfs:/tmp/y");
                System.out.println("sum " + spark.read().parquet("dbfs:/Volumes/main/default/v/x")
                        .agg(sum("id")).first().getLong(0));
                System.out.println("count " + spark.read().parquet("/tmp/y").count());
                spark.range(9).selectExpr("id", "id % 3 as k").write().partitionBy("k").csv("/Volumes/main/default/v/p");
                System.out.println("parts " + spark.read().csv("/Volumes/main/default/v/p").filter("k = 1").count());
                """);
            assertThat(written).contains("sum 499500", "count 10", "parts 3");
            assertThat(run(socket, """
                spark.range(5).write().format("delta").save("/Volumes/main/default/v/d");
                spark.range(6).write().format("delta").mode("append").save("/Volumes/main/default/v/d");
                System.out.println("delta " + spark.read().format("delta").load("/Volumes/main/default/v/d").count());
                """)).contains("delta 11");
            assertThat(run(socket, """
                dbutils.fs().put("/Volumes/main/default/v/note.txt", "hello");
                dbutils.fs().cp("/Volumes/main/default/v/note.txt", "dbfs:/tmp/copy.txt");
                System.out.println("head " + dbutils.fs().head("/tmp/copy.txt"));
                dbutils.fs().mv("/tmp/copy.txt", "/tmp/moved.txt");
                System.out.println("ls " + dbutils.fs().ls("/tmp"));
                System.out.println("rm " + dbutils.fs().rm("/tmp/moved.txt") + dbutils.fs().rm("/tmp", true));
                System.out.println("left " + dbutils.fs().ls("/"));
                """))
                    .contains("head hello", "dbfs:/tmp/moved.txt", "rm truetrue")
                    .doesNotContain("dbfs:/tmp/copy");
        }

        Map<String, byte[]> parquet = files(VOLUME + "/x");
        assertThat(parquet).containsKey("_SUCCESS").hasSizeGreaterThan(1);
        parquet.remove("_SUCCESS");
        assertThat(parquet.values())
                .allSatisfy(bytes -> assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII))
                        .isEqualTo("PAR1"));
        assertThat(files(VOLUME).get("note.txt")).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> onDisk = Files.walk(dataDir.resolve("files"))) {
            assertThat(onDisk.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsOnly(".storage");
        }
    }

    private static Map<String, byte[]> files(String folder) throws IOException {
        Map<String, byte[]> found = new HashMap<>();
        for (DirectoryEntry entry : person.sdk()
                .files()
                .listDirectoryContents(new ListDirectoryContentsRequest().setDirectoryPath(folder))) {
            if (!Boolean.TRUE.equals(entry.getIsDirectory())) {
                try (InputStream in =
                        person.sdk().files().download(entry.getPath()).getContents()) {
                    found.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return found;
    }

    private static String run(NotebookSocket socket, String code) throws Exception {
        JsonNode run = socket.ended(socket.run(socket.insertCell("JAVA", code)), COLD);
        String shown = socket.outputs(run.path("run_id").asLong()).stream()
                .map(JsonNode::toString)
                .collect(Collectors.joining("\n"));
        assertThat(run.path("state").asText()).as("%s %s", run, shown).isEqualTo("ok");
        return shown;
    }
}
