package io.campanile.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Prints each figure beside its budget, as rows of a Markdown table. */
final class Figures {
    private static final String ROW = "| %-66s | %10s | %-8s | %-6s |%n";

    private final PrintStream out;

    Figures(PrintStream out) {
        this.out = out;
    }

    /** Begins a table and says how busy the machine is: figures of a busy machine are worth less. */
    void title(String title) {
        double load = java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                .getSystemLoadAverage();
        out.printf(
                Locale.ROOT,
                "%n## %s%n%nProcessors: %d. Load of the last minute at the start of this part: %.1f.%n%n",
                title,
                Runtime.getRuntime().availableProcessors(),
                load);
        out.printf(ROW, "what", "figure", "budget", "");
        out.printf("|%s|%s:|%s|%s|%n", "-".repeat(68), "-".repeat(11), "-".repeat(10), "-".repeat(8));
    }

    /** A figure without a budget. */
    void row(String what, double value, String unit) {
        print(what, value, unit, "", "");
    }

    /** A figure that should not be above its budget. */
    void row(String what, double value, String unit, double budget) {
        print(what, value, unit, "<= " + number(budget), value <= budget ? "ok" : "MISSED");
    }

    /** A figure that should not be below its aim. */
    void atLeast(String what, double value, String unit, double aim) {
        print(what, value, unit, ">= " + number(aim), value >= aim ? "ok" : "MISSED");
    }

    private void print(String what, double value, String unit, String shown, String verdict) {
        out.printf(ROW, what, (number(value) + " " + unit).strip(), shown, verdict);
        out.flush();
    }

    void skip(String what, String why) {
        out.printf("| SKIPPED %s: %s | | | |%n", what, why);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
