package io.campanile.node.agent.process;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A child's output in a file: at 5 MiB it becomes {@code <name>.1} and a new one begins. The last lines stay in memory. */
public final class CappedLog implements AutoCloseable {
    private static final long CAP = 5 << 20;
    private static final int LINES = 30;
    private static final int LINE_LENGTH = 500;
    private static final int LONGEST_LINE = 64 << 10;

    private final Path path;
    private final Redaction redaction;
    private final Deque<String> last = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private OutputStream file;
    private long size;

    public CappedLog(Path path) throws IOException {
        this(path, List.of());
    }

    /** {@code hidden}: what must not stand in the log; each line of it that says something is left out. */
    public CappedLog(Path path, List<String> hidden) throws IOException {
        this.path = path;
        this.redaction = new Redaction(hidden);
        Files.createDirectories(path.toAbsolutePath().getParent());
        this.file = open();
    }

    /** Keeps more out from now on. */
    public void hide(List<String> values) {
        redaction.hide(values);
    }

    private OutputStream open() throws IOException {
        size = 0;
        return new BufferedOutputStream(Files.newOutputStream(path));
    }

    /**
     * Copies until the stream ends; a full disk loses log lines, never the child. Whole lines, because a piece may end in
     * the middle of what is hidden; a line without end is cut.
     */
    public void pump(InputStream stream) throws IOException {
        var from = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        StringBuilder next = new StringBuilder();
        for (int read = from.read(); read >= 0; read = from.read()) {
            if (read == '\n') {
                writeLine(next.append('\n').toString(), !from.ready());
                next.setLength(0);
            } else if (next.length() < LONGEST_LINE) {
                next.append((char) read);
            }
        }
        writeLine(next.toString(), true);
    }

    private void writeLine(String text, boolean flush) throws IOException {
        byte[] bytes = redaction.of(text).getBytes(StandardCharsets.UTF_8);
        write(bytes, bytes.length, flush);
    }

    private synchronized void write(byte[] bytes, int length, boolean flush) throws IOException {
        if (size + length > CAP) {
            file.close();
            Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            file = open();
        }
        file.write(bytes, 0, length);
        size += length;
        if (flush) {
            file.flush();
        }
        remember(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private void remember(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\n') {
                last.addLast(line.toString());
                line.setLength(0);
                if (last.size() > LINES) {
                    last.removeFirst();
                }
            } else if (line.length() < LINE_LENGTH) {
                line.append(next);
            }
        }
    }

    /** The last complete lines, oldest first. */
    public synchronized List<String> lastLines(int count) {
        return last.stream().skip(Math.max(0, last.size() - count)).toList();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
