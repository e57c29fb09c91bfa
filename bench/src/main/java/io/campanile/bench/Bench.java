package io.campanile.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The name of a bench and an empty folder to work in (default: a temporary one); of {@code workspace} also how many objects
 * and notebooks, of {@code transfer} how many megabytes, of {@code compute} how many clusters from the pool.
 */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length > 0 ? arguments[0] : "line";
        Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("campanile-bench");
        Figures figures = new Figures(System.out);
        switch (what) {
            case "line" -> new LineBench(folder, figures).run();
            case "page" -> new PageBench(folder, figures).run();
            case "workspace" ->
                new WorkspaceBench(folder, figures, size(arguments, 2, 100_000), size(arguments, 3, 10_000)).run();
            case "transfer" -> new TransferBench(folder, figures, size(arguments, 2, 500)).run();
            case "compute" -> new ComputeBench(folder, figures, size(arguments, 2, 20)).run();
            case "gateway" -> new GatewayBench(folder, figures).run();
            default -> {
                System.err.println("There is no bench " + what
                        + "; there are line, page, workspace, transfer, gateway, compute and jmh.");
                System.exit(2);
            }
        }
    }

    private static int size(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }
}
