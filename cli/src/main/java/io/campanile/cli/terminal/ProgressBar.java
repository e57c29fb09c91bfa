package io.campanile.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far a transfer is: share, speed, time left. Shows nothing where nobody watches. */
public final class ProgressBar implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int BAR = 20;

    private final PrintStream err;
    private final int columns;
    private final LongSupplier nanos;
    private String name = "";
    private long total;
    private long done;
    private long already;
    private long began;
    private long drawn;
    private boolean shown;

    /** {@code columns} 0 draws nothing. */
    public ProgressBar(PrintStream err, int columns, LongSupplier nanos) {
        this.err = err;
        this.columns = columns;
        this.nanos = nanos;
    }

    /** The next file: {@code already} bytes of {@code total} were there before. */
    public void begin(String what, long size, long already) {
        this.name = Text.plain(what);
        this.total = size;
        this.done = already;
        this.already = already;
        this.began = nanos.getAsLong();
        this.drawn = began - REDRAW_NANOS;
        moved(0);
    }

    public void moved(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (columns > 0 && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            draw(now);
        }
    }

    /** A file is there: its last line stays. */
    public void end() {
        if (columns > 0) {
            draw(nanos.getAsLong());
            err.println();
            shown = false;
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.println();
            shown = false;
        }
    }

    private void draw(long now) {
        shown = true;
        double seconds = Math.max(1e-3, (now - began) / 1e9);
        double speed = (done - already) / seconds;
        int percent = total <= 0 ? 100 : (int) Math.min(100, done * 100 / total);
        int filled = percent * BAR / 100;
        String left =
                done >= total ? "in " + time(seconds) : speed < 1 ? "ETA --" : "ETA " + time((total - done) / speed);
        String figures = String.format(
                Locale.ROOT,
                " [%s%s] %3d %% %7.1f MB/s  %s",
                "#".repeat(filled),
                " ".repeat(BAR - filled),
                percent,
                speed / 1e6,
                left);
        int room = Math.max(8, columns - 1 - figures.length());
        String label = Text.cut(name, room);
        err.print("\r" + label + " ".repeat(Math.max(0, room - Text.width(label))) + figures);
        err.flush();
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
