package io.campanile.node.agent.spool;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record of every run on its way to notebook-service. A record is numbered when it is appended, becomes visible to
 * readers when it is on the disk, and is dropped with its run's file when the run has finished and all is acknowledged.
 * Records that arrive while the disk is busy share the next fsync.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private static final int PENDING = 64;

    private final Path folder;
    private final Map<Long, RunLog> logs = new ConcurrentHashMap<>();
    private final Map<Long, Long> lastSeqs = new HashMap<>();
    private final Thread writer;
    private List<WorkMessage.Record> pending = new ArrayList<>();
    private long bytes;
    private boolean closed;
    private volatile Runnable whenDurable = () -> {};

    private Spool(Path folder) {
        this.folder = folder;
        this.writer = new Thread(this::write, "spool");
        writer.setDaemon(true);
    }

    /** Opens the folder with what an earlier agent left in it. */
    public static Spool open(Path folder) throws IOException {
        Files.createDirectories(folder);
        var spool = new Spool(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                spool.adopt(path);
            }
        }
        spool.writer.start();
        return spool;
    }

    private synchronized void adopt(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        long runId = Long.parseLong(name.substring(0, name.length() - ".log".length()));
        RunLog log = RunLog.open(path, runId);
        if (log.durableSeq() == 0) {
            log.delete();
            return;
        }
        logs.put(runId, log);
        lastSeqs.put(runId, log.durableSeq());
        bytes += log.size();
    }

    /** Called on the writer thread each time records became durable. */
    public void onDurable(Runnable listener) {
        whenDurable = listener;
    }

    /** Numbers a record and hands it to the disk; returns its sequence number at once. */
    public synchronized long append(long runId, String kind, long at, JsonNode data) {
        if (closed) {
            throw new IllegalStateException("The spool is closed");
        }
        long seq = lastSeqs.merge(runId, 1L, Long::sum);
        pending.add(new WorkMessage.Record(runId, seq, at, kind, data));
        notifyAll();
        return seq;
    }

    /** Returns when the disk has caught up; keeps what a kernel prints faster than it can be stored out of the heap. */
    public synchronized void awaitRoom() {
        while (pending.size() > PENDING && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Everything up to {@code seq} is stored elsewhere; unknown runs are ignored, as acknowledgements may repeat. */
    public synchronized void ack(long runId, long seq) {
        RunLog log = logs.get(runId);
        if (log == null) {
            return;
        }
        log.acked(seq);
        if (log.done()) {
            drop(log);
        }
    }

    private void drop(RunLog log) {
        try {
            long size = log.size();
            logs.remove(log.runId());
            lastSeqs.remove(log.runId());
            log.delete();
            bytes -= size;
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("runId", log.runId()).setCause(e).log("A spool file was not removed");
        }
    }

    public synchronized boolean holds(long runId) {
        return lastSeqs.containsKey(runId);
    }

    /** Bytes on the disk that wait to be acknowledged. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Runs with records on the disk, for {@code hello}. */
    public List<WorkMessage.RunInfo> runs() {
        return logs.values().stream()
                .filter(log -> log.durableSeq() > 0)
                .map(log -> new WorkMessage.RunInfo(log.runId(), log.durableSeq(), log.finished()))
                .toList();
    }

    /** Runs an earlier agent left without their end. */
    public List<Long> unfinished() {
        return logs.values().stream()
                .filter(log -> !log.finished())
                .map(RunLog::runId)
                .toList();
    }

    /** A reader of everything not acknowledged, now and later. */
    public Reader reader() {
        return new Reader();
    }

    /** Reads runs in turn, each in its own order; for one thread. */
    public final class Reader {
        private final Map<Long, RunLog.Cursor> cursors = new HashMap<>();

        /** Starts a run again behind its last acknowledged record. */
        public void rewind(long runId) {
            cursors.remove(runId);
        }

        /** The next frame of each run that has one, oldest run first; empty when nothing is left. */
        public List<String> next() {
            cursors.keySet().retainAll(logs.keySet());
            return logs.keySet().stream()
                    .sorted()
                    .map(this::next)
                    .flatMap(Optional::stream)
                    .toList();
        }

        private Optional<String> next(long runId) {
            RunLog log = logs.get(runId);
            if (log == null) {
                return Optional.empty();
            }
            try {
                RunLog.Cursor cursor = cursors.get(runId);
                if (cursor == null) {
                    cursor = log.after(log.ackedSeq());
                    cursors.put(runId, cursor);
                }
                return cursor.next();
            } catch (java.nio.channels.ClosedChannelException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void write() {
        while (true) {
            List<WorkMessage.Record> batch;
            synchronized (this) {
                while (pending.isEmpty() && !closed) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (pending.isEmpty()) {
                    return;
                }
                batch = pending;
                pending = new ArrayList<>();
                notifyAll();
            }
            try {
                store(batch);
            } catch (IOException e) {
                // Numbered records that are not durable must not be skipped: without its disk a node is of no use.
                LOG.error("The spool cannot be written; the agent ends", e);
                Runtime.getRuntime().halt(74);
            }
            whenDurable.run();
        }
    }

    private void store(Collection<WorkMessage.Record> batch) throws IOException {
        Map<Long, RunLog> touched = new HashMap<>();
        Set<Long> ended = new HashSet<>();
        boolean created = false;
        long added = 0;
        for (WorkMessage.Record record : batch) {
            RunLog log = touched.get(record.runId());
            if (log == null) {
                log = logs.get(record.runId());
                if (log == null) {
                    log = RunLog.create(folder, record.runId());
                    created = true;
                }
                touched.put(record.runId(), log);
            }
            added += log.write(record);
            if (record.kind().equals(RunLog.FINISHED)) {
                ended.add(record.runId());
            }
        }
        if (created) {
            forceFolder();
        }
        for (RunLog log : touched.values()) {
            log.force(ended.contains(log.runId()));
        }
        synchronized (this) {
            bytes += added;
            logs.putAll(touched);
        }
    }

    /** A new file is only there after a power cut when its folder was forced too. */
    private void forceFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Writes what is pending, then closes the files. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (RunLog log : logs.values()) {
            log.close();
        }
    }
}
