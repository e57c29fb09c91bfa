package io.campanile.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** {@code line} or {@code page}, and an empty folder to work in (default: a temporary one). */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length > 0 ? arguments[0] : "line";
        Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("campanile-bench");
        Figures figures = new Figures(System.out);
        switch (what) {
            case "line" -> new LineBench(folder, figures).run();
            case "page" -> new PageBench(folder, figures).run();
            default -> {
                System.err.println("There is no bench " + what + "; there are line, page and jmh.");
                System.exit(2);
            }
        }
    }
}
