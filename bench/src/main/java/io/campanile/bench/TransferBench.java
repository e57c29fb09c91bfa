package io.campanile.bench;

import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;

/**
 * One large file up and down through the gateway with sign-in checked, beside copies of the same file on the same disk. An
 * upload is on the disk when it is answered, and is measured against a copy that is; a download is not.
 */
final class TransferBench {
    private static final int ROUNDS = 3;
    private static final int MEGABYTE = 1024 * 1024;
    private static final String FILES = "/api/campanile/v1/objects/";

    private final Path folder;
    private final Figures figures;
    private final int megabytes;

    TransferBench(Path folder, Figures figures, int megabytes) {
        this.folder = folder;
        this.figures = figures;
        this.megabytes = megabytes;
    }

    void run() throws Exception {
        Path file = Files.createDirectories(folder).resolve("original");
        make(file);
        Map<String, String> noPool = Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", "0");
        try (Installation installation = Installation.at(folder.resolve("data"), noPool)) {
            installation.up();
            figures.title("A file of " + megabytes + " MB up and down, medians of " + ROUNDS);
            measure(installation, file);
        }
    }

    private void measure(Installation installation, Path file) throws Exception {
        String token = installation.admin().path("token").asText();
        RawHttp http = new RawHttp(installation.url(), token);
        long shared = objectId(installation.url(), token, "/Shared");
        Path copy = folder.resolve("copy");
        Path back = folder.resolve("back");
        Processes processes = new Processes(installation);
        processes.forgetPeaks("control-plane");
        Times synced = new Times();
        Times up = new Times();
        Times plain = new Times();
        Times down = new Times();
        for (int round = 0; round < ROUNDS; round++) {
            copied(file, copy, true, synced);
            long began = System.nanoTime();
            http.put(FILES + shared + "/content?overwrite=true&name=large", file);
            up.add(Times.seconds(began));
            copied(file, copy, false, plain);
            long id = objectId(installation.url(), token, "/Shared/large");
            began = System.nanoTime();
            http.get(FILES + id + "/content", back);
            down.add(Times.seconds(began));
        }
        if (Files.mismatch(file, back) >= 0) {
            throw new IllegalStateException("What came back is not what went");
        }
        figures.row("copy of the file, synced", megabytes / synced.p50(), "MB/s");
        figures.row("upload", megabytes / up.p50(), "MB/s");
        figures.atLeast("upload : synced copy", synced.p50() / up.p50(), "x", 0.5);
        figures.row("copy of the file, not synced", megabytes / plain.p50(), "MB/s");
        figures.row("download", megabytes / down.p50(), "MB/s");
        figures.atLeast("download : copy", plain.p50() / down.p50(), "x", 0.5);
        figures.row("most memory of the control plane meanwhile", processes.peakMegabytes("control-plane"), "MB");
    }

    private static void copied(Path from, Path to, boolean synced, Times times) throws IOException {
        Files.deleteIfExists(to);
        long began = System.nanoTime();
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = source.size();
            for (long at = 0; at < size; ) {
                at += source.transferTo(at, size - at, target);
            }
            if (synced) {
                target.force(true);
            }
        }
        times.add(Times.seconds(began));
    }

    private void make(Path file) throws IOException {
        Random random = new Random(1);
        byte[] piece = new byte[MEGABYTE];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
    }

    private static long objectId(String url, String token, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/2.0/workspace/get-status?path=" + path))
                .header("Authorization", "Bearer " + token)
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return Installation.JSON.readTree(answer).path("object_id").asLong();
    }
}
