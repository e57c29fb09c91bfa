package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.nodes.NodeIdentity;
import io.campanile.notebooks.nodes.RecordGapException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records of nodes in: each once, in order, and the state of the run with them. The row of a run is held
 * while its records are stored, so of two ends that meet (a node's, a cancellation, a loss) the first one stays.
 */
final class RecordIntake {
    private static final Logger LOG = LoggerFactory.getLogger(RecordIntake.class);

    private final RecordStore store;
    private final OutputFeed feed;
    private final Consumer<Run> ended;

    /** @param ended told of every run that a record ended, after the commit */
    RecordIntake(RecordStore store, OutputFeed feed, Consumer<Run> ended) {
        this.store = requireNonNull(store, "store");
        this.feed = requireNonNull(feed, "feed");
        this.ended = requireNonNull(ended, "ended");
    }

    /** Returns what to acknowledge; called by one thread at a time for one node. */
    Map<Long, Long> store(NodeIdentity node, List<WorkMessage.Record> records) throws RecordGapException {
        Map<Long, List<WorkMessage.Record>> byRun = new LinkedHashMap<>();
        records.forEach(record ->
                byRun.computeIfAbsent(record.runId(), run -> new ArrayList<>()).add(record));
        List<Taken> taken = store.inTransaction(tx -> take(tx, node, byRun));
        Map<Long, Long> stored = new LinkedHashMap<>();
        taken.forEach(one -> {
            if (one.acknowledged() > 0) {
                stored.put(one.runId(), one.acknowledged());
            }
            announce(one);
        });
        for (Taken one : taken) {
            if (one.gap() != null) {
                throw new RecordGapException(one.runId(), one.acknowledged() + 1, one.gap(), stored);
            }
        }
        return stored;
    }

    private List<Taken> take(DSLContext tx, NodeIdentity node, Map<Long, List<WorkMessage.Record>> byRun) {
        Map<Long, Run> runs = store.lock(tx, node.workspaceId(), byRun.keySet());
        List<Taken> taken = new ArrayList<>();
        byRun.forEach((runId, records) -> {
            Run run = runs.get(runId);
            taken.add(run == null || !isOf(run, node) ? ignored(node, runId, records) : take(tx, run, records));
        });
        return taken;
    }

    /** Only the node a run was given to may report on it. */
    private static boolean isOf(Run run, NodeIdentity node) {
        Long epoch = run.epoch();
        return epoch != null && epoch == node.epoch() && node.clusterId().equals(run.clusterId());
    }

    private static Taken ignored(NodeIdentity node, long runId, List<WorkMessage.Record> records) {
        LOG.atDebug()
                .addKeyValue("runId", runId)
                .addKeyValue("nodeId", node.nodeId())
                .log("Records of a run that is not this node's are ignored");
        return new Taken(runId, last(records), List.of(), null, null, false);
    }

    /**
     * Records that are stored already are told once more: when the database dies at their commit, whoever watches was
     * not told of them, and nobody can say whether they were committed until they come again.
     */
    private Taken take(DSLContext tx, Run run, List<WorkMessage.Record> records) {
        List<Output> told = new ArrayList<>();
        records.stream()
                .filter(record -> record.seq() <= run.lastSeq() && Output.isKind(record.kind()))
                // Of a run that printed too much nobody knows which of its records were kept.
                .filter(record -> !OutputAllowance.spent(run.outputBytes()) || !isPrinted(record.kind()))
                .forEach(record -> told.add(output(record)));
        if (run.state().ended()) {
            return new Taken(run.runId(), last(records), told, told.isEmpty() ? null : run, null, true);
        }
        Fold fold = new Fold(run);
        Long gap = null;
        for (WorkMessage.Record record : records) {
            if (fold.state.ended() || record.seq() <= fold.lastSeq) {
                continue;
            }
            if (record.seq() != fold.lastSeq + 1) {
                gap = record.seq();
                break;
            }
            fold.add(record);
        }
        if (fold.lastSeq == run.lastSeq()) {
            return new Taken(run.runId(), fold.lastSeq, told, told.isEmpty() ? null : run, gap, true);
        }
        store.insert(tx, run, fold.fresh);
        Run now = store.advance(tx, fold.advance());
        boolean changed = now.state() != run.state() || !told.isEmpty();
        told.addAll(fold.fresh);
        return new Taken(run.runId(), fold.lastSeq, told, now, gap, changed);
    }

    private static boolean isPrinted(String kind) {
        return !kind.equals(Output.STARTED) && !kind.equals(Output.FINISHED);
    }

    private static long last(List<WorkMessage.Record> records) {
        return records.stream().mapToLong(WorkMessage.Record::seq).max().orElse(0);
    }

    private static Output output(WorkMessage.Record record) {
        return Output.of(record.seq(), record.kind(), record.at(), record.data());
    }

    private void announce(Taken one) {
        Run run = one.run();
        if (run == null) {
            return;
        }
        feed.outputs(run, one.told());
        if (one.stateChanged()) {
            feed.run(run);
        }
        if (run.state().ended()) {
            LOG.atInfo()
                    .addKeyValue("runId", run.runId())
                    .addKeyValue("state", run.state().wire())
                    .log("Run finished");
            ended.accept(run);
        }
    }

    private record Taken(
            long runId,
            long acknowledged,
            List<Output> told,
            @Nullable Run run,
            @Nullable Long gap,
            boolean stateChanged) {}

    /** A run with the records of a batch applied. */
    private static final class Fold {
        private final Run run;
        private final List<Output> fresh = new ArrayList<>();
        private RunState state;
        private long lastSeq;
        private final OutputAllowance allowance;
        private @Nullable Instant started;
        private @Nullable Instant finished;
        private @Nullable String message;
        private @Nullable Long count;
        private @Nullable String exitValue;

        private Fold(Run run) {
            this.run = run;
            this.allowance = new OutputAllowance(run.outputBytes());
            this.state = run.state();
            this.lastSeq = run.lastSeq();
            this.started = run.times().started();
            this.message = run.message();
            this.count = run.count();
        }

        private void add(WorkMessage.Record record) {
            if (!Output.isKind(record.kind())) {
                // A newer node may know kinds this service does not: counted, so that the run goes on, not kept.
                LOG.atWarn().addKeyValue("runId", run.runId()).log("A record of an unknown kind is left out");
                lastSeq = record.seq();
                return;
            }
            lastSeq = record.seq();
            if (record.kind().equals(Output.STARTED) && state == RunState.RUNNING) {
                // Said once; more of them are no news, and nothing that a node may fill the database with.
                return;
            }
            allowance.admit(output(record)).ifPresent(fresh::add);
            if (record.kind().equals(Output.STARTED)) {
                state = RunState.RUNNING;
                started = Instant.ofEpochMilli(record.at());
                message = null;
            } else if (record.kind().equals(Output.FINISHED)) {
                finish(record);
            }
        }

        /** A cancellation that was recorded before the end arrived is the end. */
        private void finish(WorkMessage.Record record) {
            JsonNode data = record.data();
            RunState reported = switch (data.path("state").asText()) {
                case "ok" -> RunState.OK;
                case "canceled" -> RunState.CANCELED;
                default -> RunState.ERROR;
            };
            state = run.cancelAsked() ? RunState.CANCELED : reported;
            finished = Instant.ofEpochMilli(record.at());
            message = data.hasNonNull("message") ? data.get("message").asText() : null;
            count = data.hasNonNull("count") ? Long.valueOf(data.get("count").asLong()) : count;
            exitValue = data.hasNonNull("exit_value") ? data.get("exit_value").asText() : null;
        }

        private RecordStore.Advance advance() {
            return new RecordStore.Advance(
                    run, state, lastSeq, allowance.added(), started, finished, message, count, exitValue);
        }
    }
}
