package io.campanile.node.agent.spool;

import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The records of one run in one append-only file. One thread writes; others read what is durable. Records are kept as
 * the text of the frame that is sent, so sending again needs no encoding.
 */
final class RunLog implements AutoCloseable {
    static final String FINISHED = "finished";

    private final long runId;
    private final Path path;
    private final FileChannel file;
    private long written;
    private long writtenSeq;
    private volatile long durableSeq;
    private volatile boolean finished;
    private volatile long ackedSeq;

    private RunLog(long runId, Path path, FileChannel file) {
        this.runId = runId;
        this.path = path;
        this.file = file;
    }

    static RunLog create(Path folder, long runId) throws IOException {
        Path path = folder.resolve(runId + ".log");
        return new RunLog(
                runId,
                path,
                FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Opens a file of an earlier agent; what a crash left half-written at its end is cut off. */
    static RunLog open(Path path, long runId) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var log = new RunLog(runId, path, file);
        while (true) {
            Optional<byte[]> payload = Frames.read(file, log.written);
            if (payload.isEmpty() || log.finished || !log.adopt(payload.get())) {
                break;
            }
        }
        if (log.written < file.size()) {
            file.truncate(log.written);
            file.force(true);
        }
        log.durableSeq = log.writtenSeq;
        return log;
    }

    private boolean adopt(byte[] payload) {
        var record = (WorkMessage.Record) NodeJson.read(text(payload), WorkMessage.class);
        if (record.seq() != writtenSeq + 1 || record.runId() != runId) {
            return false;
        }
        written += Frames.HEADER + payload.length;
        writtenSeq = record.seq();
        finished = record.kind().equals(FINISHED);
        return true;
    }

    /** Writes without forcing; the writer thread only. */
    int write(WorkMessage.Record record) throws IOException {
        ByteBuffer frame = Frames.encode(NodeJson.write(record).getBytes(StandardCharsets.UTF_8));
        int length = frame.remaining();
        long at = written;
        while (frame.hasRemaining()) {
            at += file.write(frame, at);
        }
        written = at;
        writtenSeq = record.seq();
        return length;
    }

    /** Makes everything written durable; the writer thread only. */
    void force(boolean holdsEnd) throws IOException {
        file.force(false);
        durableSeq = writtenSeq;
        if (holdsEnd) {
            finished = true;
        }
    }

    long runId() {
        return runId;
    }

    long durableSeq() {
        return durableSeq;
    }

    long ackedSeq() {
        return ackedSeq;
    }

    boolean finished() {
        return finished;
    }

    void acked(long seq) {
        ackedSeq = Math.max(ackedSeq, Math.min(seq, durableSeq));
    }

    boolean done() {
        return finished && ackedSeq == durableSeq;
    }

    long size() throws IOException {
        return file.size();
    }

    /** Reads the frames behind a sequence number one after the other, as far as they are durable. */
    final class Cursor {
        private long offset;
        private long seq;

        private Cursor(long afterSeq) throws IOException {
            while (seq < afterSeq) {
                offset = Frames.skip(file, offset);
                seq++;
            }
        }

        /** The next record as its frame's text; empty when all that is durable was read. */
        Optional<String> next() throws IOException {
            if (seq >= durableSeq) {
                return Optional.empty();
            }
            byte[] payload = Frames.read(file, offset)
                    .orElseThrow(() -> new IOException("The spool of run " + runId + " is damaged at " + offset));
            offset += Frames.HEADER + payload.length;
            seq++;
            return Optional.of(text(payload));
        }
    }

    Cursor after(long seq) throws IOException {
        return new Cursor(seq);
    }

    private static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
