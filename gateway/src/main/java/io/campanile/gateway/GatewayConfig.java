package io.campanile.gateway;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings of the gateway.
 *
 * @param listenHost the address to listen on; anything but loopback needs TLS
 * @param hosts names it answers to beside the loopback names, without port, in lower case
 * @param baseDomains names under which every workspace has a host name of its own, as in {@code acme.localhost}
 * @param origins web origins it accepts beside its own, such as that of a TLS proxy in front of it
 * @param bodyLimit bytes of a request body
 * @param importLimit bytes of the body of a notebook import, which is base64 in JSON
 * @param fileLimit bytes of a file that is uploaded, which is streamed and never in memory
 * @param intake bytes of request bodies that may be in work at once, over all callers; one person has at most half
 * @param bodyPatience how long a body may stand still while the gateway waits for it
 * @param bodyRate bytes a second at which it must come otherwise
 * @param upstreamIdle how long a service may be silent within a request
 * @param requestsInFlight how many requests may be in work; more are told to come back
 * @param socketsPerCredential how many WebSockets one session or token may have open
 * @param recheck how often the credentials behind open WebSockets are checked
 */
public record GatewayConfig(
        String listenHost,
        Set<String> hosts,
        Set<String> baseDomains,
        Set<String> origins,
        Optional<Tls> tls,
        long bodyLimit,
        long importLimit,
        long fileLimit,
        long intake,
        Duration bodyPatience,
        long bodyRate,
        Duration upstreamIdle,
        int requestsInFlight,
        int socketsPerCredential,
        Duration recheck) {
    private static final long MEBIBYTE = 1024L * 1024;
    private static final long LARGEST_FILE = 5 * 1024 * MEBIBYTE;
    /** Base64 of a hundred mebibytes and the JSON around it; streamed, so the memory of this process says nothing. */
    private static final long LARGEST_IMPORT = 100 * MEBIBYTE / 3 * 4 + MEBIBYTE / 16;
    /** What a service holds of a body while it reads it, at most: text, tree, objects and rows. */
    private static final long COPIES = 16;

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|::1|localhost");

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*");

    /**
     * A certificate chain and its key.
     *
     * @param certificate PEM file of the certificate chain; {@code ./campanile} does not offer it yet
     * @param key PEM file of its key; {@code ./campanile} does not offer it yet
     */
    public record Tls(Path certificate, Path key) {}

    public GatewayConfig {
        requireNonNull(listenHost, "listenHost");
        hosts = Set.copyOf(hosts);
        baseDomains = Set.copyOf(baseDomains);
        for (String domain : baseDomains) {
            if (!DOMAIN.matcher(domain).matches()) {
                throw new IllegalArgumentException("gateway.base-domains must be host names in lower case: " + domain);
            }
        }
        origins = Set.copyOf(origins);
        requireNonNull(tls, "tls");
        if (tls.isEmpty() && !LOOPBACK.matcher(listenHost).matches()) {
            throw new IllegalArgumentException(
                    "gateway.listen-host must be a loopback address, such as 127.0.0.1, unless gateway.tls is set");
        }
        if (bodyLimit < 1 || importLimit < bodyLimit) {
            throw new IllegalArgumentException("gateway.body-limit must be positive, import-limit not below it");
        }
        if (fileLimit < bodyLimit) {
            throw new IllegalArgumentException("gateway.file-limit must not be below gateway.body-limit");
        }
        if (intake / 2 < bodyLimit) {
            throw new IllegalArgumentException("gateway.intake must be at least twice gateway.body-limit");
        }
        if (bodyPatience.toMillis() < 1 || bodyRate < 1) {
            throw new IllegalArgumentException("gateway.body-patience and gateway.body-rate must be positive");
        }
        if (requestsInFlight < 1 || socketsPerCredential < 1) {
            throw new IllegalArgumentException("gateway limits must be at least 1");
        }
        if (recheck.isNegative() || recheck.isZero() || recheck.compareTo(Duration.ofSeconds(4)) > 0) {
            throw new IllegalArgumentException("gateway.recheck must be at most 4 s: revocation is promised within 5");
        }
        if (upstreamIdle.isNegative() || upstreamIdle.isZero()) {
            throw new IllegalArgumentException("gateway.upstream-idle must be positive");
        }
    }

    /** Limits of bodies that the memory of this process, which may hold the services too, can bear. */
    public static GatewayConfig defaults() {
        long bodies = 10 * MEBIBYTE;
        long intake = Math.max(2 * bodies, Runtime.getRuntime().maxMemory() / COPIES);
        return new GatewayConfig(
                "127.0.0.1",
                Set.of(),
                Set.of("localhost"),
                Set.of(),
                Optional.empty(),
                bodies,
                LARGEST_IMPORT,
                LARGEST_FILE,
                intake,
                Duration.ofSeconds(10),
                16 * 1024,
                Duration.ofMinutes(3),
                1000,
                100,
                Duration.ofSeconds(2));
    }
}
