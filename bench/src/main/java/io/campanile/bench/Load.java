package io.campanile.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests without a pause, made by wrk. It is told the token in a script that only this user can read: what is on a command
 * line everybody can read.
 */
final class Load implements AutoCloseable {
    private static final Path WRK = Path.of("/usr/bin/wrk");
    private static final Pattern RATE = Pattern.compile("Requests/sec: *([\\d.]+)");
    private static final Pattern SHARE = Pattern.compile("(?m)^ *(50|99)% +([\\d.]+)(us|ms|s)$");
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1000.0);

    private final String url;
    private final int connections;
    private final Path script;

    private Load(String url, int connections, Path script) {
        this.url = url;
        this.connections = connections;
        this.script = script;
    }

    record Result(double perSecond, double p50, double p99) {}

    static Optional<String> missing() {
        return Files.isExecutable(WRK) ? Optional.empty() : Optional.of("wrk is missing (Debian: apt-get install wrk)");
    }

    static Load on(String url, String token, int connections) throws IOException {
        FileAttribute<?> mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path script = Files.createTempFile("campanile-bench", ".lua", mine);
        Files.writeString(script, "wrk.headers[\"Authorization\"] = \"Bearer " + token + "\"\n");
        return new Load(url, connections, script);
    }

    Result run(int seconds) throws Exception {
        String said = said(seconds);
        Matcher rate = RATE.matcher(said);
        if (!rate.find() || said.contains("Non-2xx") || said.contains("Socket errors")) {
            throw new IOException("wrk on " + url + ": " + said);
        }
        return result(said, Double.parseDouble(rate.group(1)));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(script);
    }

    private String said(int seconds) throws Exception {
        Process process = new ProcessBuilder(
                        WRK.toString(),
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds,
                        "--latency",
                        "--timeout",
                        "10s",
                        "-s",
                        script.toString(),
                        url)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk on " + url + ": " + said);
        }
        return said;
    }

    private static Result result(String said, double perSecond) {
        double p50 = 0;
        double p99 = 0;
        Matcher share = SHARE.matcher(said);
        while (share.find()) {
            double millis = Double.parseDouble(share.group(2)) * MILLIS.getOrDefault(share.group(3), 0.0);
            p50 = share.group(1).equals("50") ? millis : p50;
            p99 = share.group(1).equals("99") ? millis : p99;
        }
        return new Result(perSecond, p50, p99);
    }
}
