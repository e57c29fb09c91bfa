package io.campanile.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests without a pause, made by wrk. */
final class Load {
    private static final Path WRK = Path.of("/usr/bin/wrk");
    private static final Pattern RATE = Pattern.compile("Requests/sec: *([\\d.]+)");
    private static final Pattern SHARE = Pattern.compile("(?m)^ *(50|99)% +([\\d.]+)(us|ms|s)$");
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1000.0);

    private Load() {}

    record Result(double perSecond, double p50, double p99) {}

    static Optional<String> missing() {
        return Files.isExecutable(WRK) ? Optional.empty() : Optional.of("wrk is missing (Debian: apt-get install wrk)");
    }

    /** Whatever is answered: the first requests of a process wait for its code to be compiled. */
    static void warmUp(String url, String token, int connections, int seconds) throws Exception {
        said(url, token, connections, seconds);
    }

    static Result run(String url, String token, int connections, int seconds) throws Exception {
        String said = said(url, token, connections, seconds);
        Matcher rate = RATE.matcher(said);
        if (!rate.find() || said.contains("Non-2xx") || said.contains("Socket errors")) {
            throw new IOException("wrk on " + url + ": " + said);
        }
        return result(said, Double.parseDouble(rate.group(1)));
    }

    private static String said(String url, String token, int connections, int seconds) throws Exception {
        Process process = new ProcessBuilder(
                        WRK.toString(),
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds,
                        "--latency",
                        "--timeout",
                        "10s",
                        "-H",
                        "Authorization: Bearer " + token,
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
