package io.campanile.bench;

import static java.util.Objects.requireNonNull;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * One large file up and down through the gateway with sign-in checked, beside copies of the same file on the same disk. An
 * upload is on the disk when it is answered, and is measured against a copy that is; a download is not.
 */
final class TransferBench {
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 5;
    private static final int MEGABYTE = 1024 * 1024;
    private static final String FILES = "/api/campanile/v1/objects/";

    private final Path folder;
    private final Figures figures;
    private final int megabytes;
    private final Map<String, Times> times = new HashMap<>();

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
            figures.title("A file of " + megabytes + " MB up and down, medians of " + ROUNDS + " after " + WARM_UP);
            try (BareServer bare = new BareServer(folder.resolve("bare"))) {
                measure(installation, file, bare);
            }
        }
    }

    private void measure(Installation installation, Path file, BareServer bareServer) throws Exception {
        String token = installation.admin().path("token").asText();
        RawHttp http = new RawHttp(installation.url(), token);
        RawHttp bare = new RawHttp(bareServer.url(), "none");
        long shared = objectId(installation.url(), token, "/Shared");
        Path copy = folder.resolve("copy");
        Path back = folder.resolve("back");
        Processes processes = new Processes(installation);
        processes.forgetPeaks("control-plane");
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            if (round == 0) {
                times.clear();
            }
            timed("synced", copy, () -> copy(file, copy, true));
            timed("up", copy, () -> http.put(FILES + shared + "/content?overwrite=true&name=large", file));
            timed("bare up", copy, () -> bare.put("/", file));
            timed("plain", copy, () -> copy(file, copy, false));
            long id = objectId(installation.url(), token, "/Shared/large");
            timed("down", back, () -> http.get(FILES + id + "/content", back));
            requireSame(file, back);
            timed("bare down", back, () -> bare.get("/", back));
        }
        print();
        figures.row("most memory of the control plane meanwhile", processes.peakMegabytes("control-plane"), "MB");
    }

    private void print() {
        figures.row("copy of the file, synced", megabytes / seconds("synced"), "MB/s");
        figures.row("upload", megabytes / seconds("up"), "MB/s");
        figures.atLeast("upload : synced copy", seconds("synced") / seconds("up"), "x", 0.5);
        figures.row("upload to a bare server : synced copy", seconds("synced") / seconds("bare up"), "x");
        figures.row("copy of the file, not synced", megabytes / seconds("plain"), "MB/s");
        figures.row("download", megabytes / seconds("down"), "MB/s");
        figures.atLeast("download : copy", seconds("plain") / seconds("down"), "x", 0.5);
        figures.row("download from a bare server : copy", seconds("plain") / seconds("bare down"), "x");
    }

    private double seconds(String what) {
        return requireNonNull(times.get(what), what).p50();
    }

    private static void requireSame(Path file, Path back) throws IOException {
        if (Files.mismatch(file, back) >= 0) {
            throw new IllegalStateException("What came back is not what went");
        }
    }

    private interface Moving {
        void run() throws IOException;
    }

    /**
     * Each finds free memory that was in use a moment ago. On a virtual machine what has been free for a second is given
     * back to the host, and to have it again costs several times what a copy does. A copy takes that of the copy before,
     * which it deletes; an upload, which keeps what it replaces until the end, would be the only one to pay.
     */
    private void timed(String what, Path made, Moving moving) throws IOException {
        Files.deleteIfExists(made);
        Path passing = folder.resolve("passing");
        try (OutputStream out = Files.newOutputStream(passing)) {
            byte[] piece = new byte[MEGABYTE];
            for (int i = 0; i < megabytes + megabytes / 4; i++) {
                out.write(piece);
            }
        }
        Files.delete(passing);
        long began = System.nanoTime();
        moving.run();
        times.computeIfAbsent(what, first -> new Times()).add(Times.seconds(began));
    }

    private static void copy(Path from, Path to, boolean synced) throws IOException {
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
