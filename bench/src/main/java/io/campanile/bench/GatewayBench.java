package io.campanile.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.common.auth.InternalTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Small requests to the workspace service through the gateway, which checks the token of each, beside the same requests to
 * the same service through nginx, which checks nothing and is given what the service asks for.
 */
final class GatewayBench {
    private static final String PATH = "/api/2.0/workspace/get-status?path=/Shared";
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 8;

    private final Path folder;
    private final Figures figures;

    GatewayBench(Path folder, Figures figures) {
        this.folder = folder;
        this.figures = figures;
    }

    /** What is asked, and what came of it. */
    private record Way(String name, Load load, Times rates, Times p50, Times p99) implements AutoCloseable {
        static Way to(String name, String url, String token) throws IOException {
            return new Way(name, Load.on(url + PATH, token, CONNECTIONS), new Times(), new Times(), new Times());
        }

        @Override
        public void close() throws IOException {
            load.close();
        }
    }

    void run() throws Exception {
        Optional<String> missing = Load.missing().or(NginxPeer::missing);
        if (missing.isPresent()) {
            figures.skip("the gateway beside nginx", missing.get());
            return;
        }
        Files.createDirectories(folder);
        Map<String, String> noPool = Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", "0");
        try (Installation installation = Installation.at(folder.resolve("data"), noPool)) {
            installation.up();
            String direct = Installation.JSON
                    .readTree(
                            installation.dataDir().resolve("run/endpoints.json").toFile())
                    .path("workspace")
                    .asText();
            try (NginxPeer nginx = NginxPeer.start(folder.resolve("nginx"), URI.create(direct))) {
                String inner = innerToken(installation);
                String outer = installation.admin().path("token").asText();
                try (Way through = Way.to("gateway", installation.url(), outer);
                        Way beside = Way.to("nginx", nginx.url(), inner);
                        Way none = Way.to("the service itself", direct, inner)) {
                    measure(List.of(through, beside, none));
                }
            }
        }
    }

    private void measure(List<Way> ways) throws Exception {
        figures.title("get-status through the gateway and through nginx, " + CONNECTIONS + " connections, medians of "
                + ROUNDS + " times " + SECONDS + " s in turn");
        for (Way way : ways) {
            Load.Result first = Warming.first(() -> way.load().run(SECONDS), Load.Result::perSecond);
            figures.row(way.name() + ": requests per second of its first " + SECONDS + " s", first.perSecond(), "/s");
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Way way : ways) {
                Load.Result result = way.load().run(SECONDS);
                way.rates().add(result.perSecond());
                way.p50().add(result.p50());
                way.p99().add(result.p99());
            }
        }
        for (Way way : ways) {
            figures.row(way.name() + ": requests per second", way.rates().p50(), "/s");
            figures.row(way.name() + ": p50", way.p50().p50(), "ms");
            figures.row(way.name() + ": p99", way.p99().p50(), "ms");
        }
        figures.atLeast(
                "requests per second, gateway : nginx",
                ways.get(0).rates().p50() / ways.get(1).rates().p50(),
                "x",
                0.65);
    }

    /** What the gateway would send on for the administrator, good for the length of this bench. */
    private static String innerToken(Installation installation) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(installation.url() + "/api/2.0/preview/scim/v2/Me"))
                .header(
                        "Authorization",
                        "Bearer " + installation.admin().path("token").asText())
                .build();
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        for (int again = 0; answer.statusCode() != 200 && again < 10; again++) {
            // A busy machine answers the first requests after a start with 503.
            answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        }
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("The administrator is not known: " + answer.body());
        }
        JsonNode me = Installation.JSON.readTree(answer.body());
        List<Long> groups = new ArrayList<>();
        me.path("groups").forEach(group -> groups.add(group.path("value").asLong()));
        byte[] key = Base64.getDecoder()
                .decode(Files.readString(installation.dataDir().resolve("run/internal.key"))
                        .trim());
        return new InternalTokens(key, Clock.systemUTC())
                .sign(
                        Map.of(
                                "ws",
                                Long.parseLong(answer.headers()
                                        .firstValue("X-Databricks-Org-Id")
                                        .orElseThrow()),
                                "uid",
                                me.path("id").asLong(),
                                "usr",
                                me.path("userName").asText(),
                                "adm",
                                true,
                                "grp",
                                groups),
                        "workspace",
                        Duration.ofMinutes(10));
    }
}
