package io.campanile.notebooks.documents;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.documents.DocumentState.Entry;
import io.campanile.notebooks.documents.OpStore.ClientKey;
import io.campanile.notebooks.documents.OpStore.Logged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/** One transaction of an authority: operations are admitted one after the other and written together at its end. */
final class Batch implements TextHistory {
    private static final int SNAPSHOT_EVERY = 200;
    private final DSLContext tx;
    private final NotebookKey key;
    private final DocumentState state;
    private final OpStore ops;
    private final Instant now;
    private final Map<ClientKey, Logged> known;
    private final List<Logged> appended = new ArrayList<>();
    private final long before;

    Batch(DSLContext tx, NotebookKey key, DocumentState state, OpStore ops, Instant now, Map<ClientKey, Logged> known) {
        this.tx = tx;
        this.key = key;
        this.state = state;
        this.ops = ops;
        this.now = now;
        this.known = known;
        this.before = state.revision();
    }

    DocumentState state() {
        return state;
    }

    DSLContext transaction() {
        return tx;
    }

    OpStore log() {
        return ops;
    }

    List<Logged> appended() {
        return appended;
    }

    /** Commits a client's operation, or answers as the first time. */
    OpResult client(String actor, ClientOp sent) {
        ClientKey client = new ClientKey(sent.cid(), sent.seq());
        Logged earlier = known.get(client);
        if (earlier != null) {
            return answer(earlier);
        }
        try {
            Op op = OpCodec.decode(sent.op());
            Admission admission = new AdmissionRules(state, this).admit(op, sent.base());
            if (admission instanceof Admission.Recovered kept) {
                return answer(append(client, actor, kept.kept(), kept.refusal().getMessage()));
            }
            return answer(append(client, actor, ((Admission.Admitted) admission).op(), null));
        } catch (ApiException e) {
            return new OpResult.Refused(e, null);
        }
    }

    /** Commits an operation of the server itself; a refusal is thrown and nothing has changed. */
    void server(String actor, Op op) {
        if (new AdmissionRules(state, this).admit(op, state.revision()) instanceof Admission.Admitted admitted) {
            append(new ClientKey("server." + UUID.randomUUID(), 0), actor, admitted.op(), null);
        }
    }

    /** Writes what was admitted. */
    void flush(DocumentStore documents) {
        if (appended.isEmpty()) {
            return;
        }
        ops.append(tx, key, appended);
        List<Entry> entries = new ArrayList<>();
        for (String cell : state.takeChanged()) {
            entries.add(Objects.requireNonNull(state.entry(cell), "changed"));
        }
        documents.upsertCells(tx, key, entries);
        documents.advance(tx, key, state.language(), state.revision(), now);
        if (state.revision() / SNAPSHOT_EVERY > before / SNAPSHOT_EVERY) {
            ops.snapshot(tx, key, state, now);
        }
    }

    @Override
    public List<ChangeSet> since(Cell cell, long ver) {
        List<ChangeSet> recent = state.recent(cell.id());
        int missed = Math.toIntExact(cell.ver() - ver);
        if (missed <= recent.size()) {
            return recent.subList(recent.size() - missed, recent.size());
        }
        List<ChangeSet> all = new ArrayList<>(ops.texts(tx, key, cell.id(), ver, cell.ver() - recent.size()));
        all.addAll(recent);
        return all;
    }

    @Override
    public Optional<Cell> cellAt(long revision, String cellId) {
        if (revision > before) {
            return Optional.empty();
        }
        return ops.at(tx, key, revision, before)
                .flatMap(then -> Optional.ofNullable(then.entry(cellId)))
                .map(Entry::cell);
    }

    private Logged append(ClientKey client, String actor, Op op, @org.jspecify.annotations.Nullable String refusal) {
        state.commit(op);
        Logged logged = new Logged(state.revision(), client.cid(), client.seq(), actor, now, op, refusal);
        appended.add(logged);
        known.put(client, logged);
        return logged;
    }

    private static OpResult answer(Logged logged) {
        if (logged.refusal() != null) {
            return new OpResult.Refused(
                    new ApiException(ErrorCode.RESOURCE_CONFLICT, logged.refusal()),
                    logged.op().cellId());
        }
        Long ver = logged.op() instanceof Op.Text text ? Long.valueOf(text.ver()) : null;
        return new OpResult.Acknowledged(logged.revision(), ver);
    }
}
