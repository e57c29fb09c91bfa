package io.campanile.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.Installation;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A workspace with many objects: how long get-status and list take under 32 connections, and how fast notebooks go in and
 * out, all through the gateway with sign-in checked.
 */
final class WorkspaceBench {
    private static final int CONNECTIONS = 32;
    private static final int PER_ARCHIVE = 9_000;
    private static final int PER_FOLDER = 100;
    private static final String TOP = "/Shared/bench";

    private final Path folder;
    private final Figures figures;
    private final int objects;
    private final int notebooks;
    private final int requests;
    private final HttpClient http = HttpClient.newHttpClient();
    private String url = "";
    private String token = "";

    WorkspaceBench(Path folder, Figures figures, int objects, int notebooks) {
        this.folder = folder;
        this.figures = figures;
        this.objects = objects;
        this.notebooks = notebooks;
        this.requests = Math.min(5_000, objects);
    }

    void run() throws Exception {
        Map<String, String> noPool = Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", "0");
        try (Installation installation = Installation.at(folder.resolve("data"), noPool)) {
            installation.up();
            url = installation.url();
            token = installation.admin().path("token").asText();
            figures.title("A workspace of " + objects + " objects, " + CONNECTIONS + " connections");
            int folders = fill();
            reads("get-status", folders, this::status, 50);
            reads("list of a folder of " + PER_FOLDER, folders, this::list, 100);
            search("entry ", "by the beginning of a name");
            search("try ", "within names");
            transfers();
            removal();
        }
    }

    /** Makes the objects out of archives, each a folder of folders of small files; the number of folders. */
    private int fill() throws Exception {
        post("/api/2.0/workspace/mkdirs", body("path", TOP));
        long top = Installation.JSON
                .readTree(get("/api/2.0/workspace/get-status?path=" + encoded(TOP)))
                .path("object_id")
                .asLong();
        long began = System.nanoTime();
        int made = 0;
        int archives = 0;
        while (made < objects) {
            int count = Math.min(PER_ARCHIVE, objects - made);
            HttpRequest request = request("/api/campanile/v1/objects/" + top + "/content?archive=ZIP&name=a" + archives)
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(archive(count)))
                    .build();
            checked(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
            made += count;
            archives++;
        }
        figures.row("objects made per second, from archives of " + PER_ARCHIVE, made / Times.seconds(began), "/s");
        int whole = PER_ARCHIVE / (PER_FOLDER + 1);
        return objects / PER_ARCHIVE * whole + objects % PER_ARCHIVE / (PER_FOLDER + 1);
    }

    /** {@code count} objects: folders of {@link #PER_FOLDER} folders each, but the first of each a file. */
    private static byte[] archive(int count) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int number = 0, made = 0; made < count; number++) {
                made++;
                for (int i = 0; i < PER_FOLDER && made < count; i++, made++) {
                    zip.putNextEntry(new ZipEntry("f" + number + (i == 0 ? "/file.txt" : "/entry " + i + "/")));
                    zip.write(i == 0 ? new byte[] {'x'} : new byte[0]);
                    zip.closeEntry();
                }
            }
        }
        return bytes.toByteArray();
    }

    private void reads(String what, int folders, IntFunction<String> path, double budget) throws Exception {
        Reads first = Warming.first(() -> reads(folders, path), Reads::perSecond);
        figures.row(what + ", the first " + requests + ": p50", first.times().p50(), "ms");
        figures.row(what + ", the first " + requests + ": p99", first.times().p99(), "ms");
        Reads last = reads(folders, path);
        figures.row(what + ": p50", last.times().p50(), "ms");
        figures.row(what + ": p99", last.times().p99(), "ms", budget);
        figures.row(what + ": requests per second", last.perSecond(), "/s");
    }

    private record Reads(Times times, double perSecond) {}

    private Reads reads(int folders, IntFunction<String> path) throws Exception {
        long began = System.nanoTime();
        Times times = together(requests, i -> {
            get(path.apply(ThreadLocalRandom.current().nextInt(folders)));
            return 1;
        });
        return new Reads(times, requests / Times.seconds(began));
    }

    private String status(int number) {
        // The first of a folder is its file, and a folder cut short by the end of its archive has at least that.
        return "/api/2.0/workspace/get-status?path=" + encoded(pathOf(number) + "/file.txt");
    }

    private String list(int number) {
        return "/api/2.0/workspace/list?path=" + encoded(pathOf(number));
    }

    private static String pathOf(int number) {
        int whole = PER_ARCHIVE / (PER_FOLDER + 1);
        return TOP + "/a" + number / whole + "/f" + number % whole;
    }

    private void search(String beginning, String how) throws Exception {
        Times times = new Times();
        for (int i = 0; i < 200; i++) {
            long began = System.nanoTime();
            get("/api/campanile/v1/search?limit=50&q=" + encoded(beginning + (i % 99 + 1)));
            times.since(began);
        }
        figures.row("search " + how + ", one connection: p50", times.p50(), "ms");
        figures.row("search " + how + ", one connection: p99", times.p99(), "ms");
    }

    private void transfers() throws Exception {
        post("/api/2.0/workspace/mkdirs", body("path", TOP + "/notebooks"));
        String content = Base64.getEncoder()
                .encodeToString(NotebookFiles.mixed(10, "python").getBytes(StandardCharsets.UTF_8));
        long began = System.nanoTime();
        Times in = together(notebooks, i -> {
            ObjectNode body = body("path", TOP + "/notebooks/n" + i);
            post("/api/2.0/workspace/import", body.put("format", "JUPYTER").put("content", content));
            return 1;
        });
        figures.row(notebooks + " notebooks imported: per second", notebooks / Times.seconds(began), "/s");
        figures.row("  one of them: p50", in.p50(), "ms");
        figures.row("  one of them: p99", in.p99(), "ms");
        began = System.nanoTime();
        Times out = together(notebooks, i -> {
            get("/api/2.0/workspace/export?format=JUPYTER&path=" + encoded(TOP + "/notebooks/n" + i));
            return 1;
        });
        figures.row(notebooks + " notebooks exported: per second", notebooks / Times.seconds(began), "/s");
        figures.row("  one of them: p50", out.p50(), "ms");
        figures.row("  one of them: p99", out.p99(), "ms");
    }

    private void removal() throws Exception {
        long began = System.nanoTime();
        post("/api/2.0/workspace/delete", body("path", TOP).put("recursive", true));
        figures.row("delete of all of it, until it is gone for everybody", Times.millis(began), "ms");
    }

    private Times together(int count, ThrowingFunction work) throws Exception {
        Times times = new Times();
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Callable<List<Double>>> shares = new ArrayList<>();
            for (int share = 0; share < CONNECTIONS; share++) {
                int first = share;
                shares.add(() -> {
                    List<Double> measured = new ArrayList<>();
                    for (int i = first; i < count; i += CONNECTIONS) {
                        long began = System.nanoTime();
                        work.apply(i);
                        measured.add(Times.millis(began));
                    }
                    return measured;
                });
            }
            for (Future<List<Double>> share : threads.invokeAll(shares)) {
                share.get().forEach(times::add);
            }
        } finally {
            threads.shutdownNow();
        }
        return times;
    }

    private interface ThrowingFunction {
        int apply(int number) throws Exception;
    }

    private byte[] get(String path) throws Exception {
        return checked(http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray()));
    }

    private void post(String path, ObjectNode body) throws Exception {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        checked(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    private static byte[] checked(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.request().uri() + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private static ObjectNode body(String name, String value) {
        return Installation.JSON.createObjectNode().put(name, value);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
