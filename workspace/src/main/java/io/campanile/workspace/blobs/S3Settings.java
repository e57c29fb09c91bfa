package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Which bucket, and how to reach it.
 *
 * @param bucket its name; empty while files are kept in a folder
 * @param endpoint address of another server than Amazon's, such as {@code http://127.0.0.1:9000}; else empty
 * @param region that of the bucket; other servers than Amazon's mostly ignore it
 * @param prefix stands before every key; empty, or ending with a slash
 * @param accessKey id of a key; empty: the credentials of the machine are used, as Amazon's tools find them
 * @param secretKey the secret of the access key
 */
public record S3Settings(
        String bucket, String endpoint, String region, String prefix, Secret accessKey, Secret secretKey) {
    public static final S3Settings NONE = new S3Settings("", "", "us-east-1", "", new Secret(""), new Secret(""));
    private static final int LONGEST_PREFIX = 80;

    public S3Settings {
        requireNonNull(bucket, "bucket");
        requireNonNull(endpoint, "endpoint");
        requireNonNull(region, "region");
        requireNonNull(prefix, "prefix");
        requireNonNull(accessKey, "accessKey");
        requireNonNull(secretKey, "secretKey");
        if (!prefix.isEmpty() && (!prefix.endsWith("/") || prefix.startsWith("/"))) {
            throw new IllegalArgumentException("s3.prefix must end with a slash and not begin with one");
        }
        if (prefix.length() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("s3.prefix has at most " + LONGEST_PREFIX + " characters");
        }
        if (accessKey.value().isEmpty() != secretKey.value().isEmpty()) {
            throw new IllegalArgumentException("s3.access-key and s3.secret-key must be set together");
        }
    }

    /** The same bucket, further down. */
    public S3Settings under(String more) {
        return new S3Settings(bucket, endpoint, region, prefix + more, accessKey, secretKey);
    }

    S3Client client() {
        var builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(region));
        if (accessKey.value().isEmpty()) {
            builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
        } else {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.value(), secretKey.value())));
        }
        if (!endpoint.isEmpty()) {
            builder.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
        }
        return builder.build();
    }
}
