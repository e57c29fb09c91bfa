package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.ContentStore;
import io.campanile.workspace.formats.Language;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of the objects of git folders. Every statement names the workspace. */
public final class WorkingStore {
    /** A download that has read the old row may still open the old content. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final int MOST = 50_000;
    private static final Field<String[]> NAMES = DSL.field(DSL.name("names"), String[].class);
    /** What is below a git folder, without what is below another git folder in it; see {@link ObjectStore} for "offset". */
    private static final String BELOW = """
            with recursive below(object_id, names, object_type) as (
                select object_id, array[cast(name as text)], object_type from tree_object
                where workspace_id = {0} and parent_id = {1} and trashed_at is null
                union all
                select t.object_id, below.names || cast(t.name as text), t.object_type
                from below cross join lateral (
                    select object_id, name, object_type from tree_object
                    where workspace_id = {0} and parent_id = below.object_id and trashed_at is null offset 0
                ) t
                where below.object_type = 'DIRECTORY'
            )
            select below.names, t.* from below
            join tree_object t on t.workspace_id = {0} and t.object_id = below.object_id
            order by below.names limit {2}
            """;

    private final Database database;

    public WorkingStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** One row to be made or changed: {@code replaced} has the same id then. */
    record Placing(
            WorkspaceObject object,
            List<String> names,
            @Nullable WorkingObject replaced) {}

    /** An object and the names that lead to it. */
    private record Found(WorkspaceObject object, List<String> names) {
        String path() {
            return String.join("/", names);
        }

        WorkingObject working() {
            return new WorkingObject(object.objectId(), names, object.language(), object.content());
        }
    }

    /** The notebooks and files below a git folder. */
    List<WorkingObject> scan(long workspaceId, long repoId) {
        return scan(database.context(), workspaceId, repoId);
    }

    static List<WorkingObject> scan(DSLContext db, long workspaceId, long repoId) {
        return all(db, workspaceId, repoId).stream()
                .filter(found -> !found.object().isDirectory())
                .map(Found::working)
                .toList();
    }

    /** Changes the objects of a git folder and, with {@code also}, what is known of it: all or nothing. */
    void apply(
            Caller caller,
            RepoSpot spot,
            WorkingChange change,
            List<Placing> placed,
            Instant now,
            Consumer<DSLContext> also) {
        database.transact(tx -> {
            ObjectStore.lock(tx, caller.workspaceId(), true);
            place(tx, caller, spot, now);
            List<Found> before = all(tx, caller.workspaceId(), spot.repoId());
            List<WorkingObject> removed = change.removed();
            requireUnchanged(before, removed);
            requireUnchanged(
                    before,
                    placed.stream()
                            .flatMap(each -> Optional.ofNullable(each.replaced()).stream())
                            .toList());
            RemovalStore.delete(
                    tx, caller, removed.stream().map(WorkingObject::objectId).toArray(Long[]::new), now);
            Map<String, Long> folders = new HashMap<>(Map.of("", spot.repoId()));
            before.stream()
                    .filter(found -> found.object().type() == ObjectType.DIRECTORY)
                    .forEach(found -> folders.put(found.path(), found.object().objectId()));
            prune(tx, caller.workspaceId(), change, folders);
            for (Placing each : placed) {
                if (each.replaced() == null) {
                    insert(tx, each, folders);
                } else {
                    replace(tx, each, now);
                }
            }
            for (List<String> names : change.folders()) {
                folder(tx, caller.workspaceId(), names, folders, now);
            }
            ArchiveStore.settle(
                    tx,
                    caller,
                    placed.stream()
                            .filter(each ->
                                    each.replaced() == null || each.object().content() != null)
                            .map(Placing::object)
                            .toList());
            also.accept(tx);
        });
    }

    private static void place(DSLContext tx, Caller caller, RepoSpot spot, Instant now) {
        long workspaceId = caller.workspaceId();
        if (!spot.isFresh()) {
            if (!ObjectStore.isLiveFolder(tx, workspaceId, spot.repoId())) {
                throw RepoFolders.missing(spot.repoId());
            }
            return;
        }
        Located parent = spot.parent();
        WorkspaceObject top =
                WorkspaceObject.repo(workspaceId, spot.repoId(), parent.object().objectId(), spot.name(), now);
        switch (ObjectStore.create(tx, caller, parent, top)) {
            case DONE -> {}
            case NO_PARENT -> throw Tree.noParent(parent.path());
            case NAME_TAKEN ->
                throw Tree.taken(
                        parent,
                        spot.name(),
                        ObjectStore.alike(tx, workspaceId, parent.object().objectId(), spot.name()));
        }
    }

    private static List<Found> all(DSLContext tx, long workspaceId, long repoId) {
        List<Found> found = tx.fetch(BELOW, DSL.val(workspaceId), DSL.val(repoId), DSL.val(MOST + 1))
                .map(row -> new Found(ObjectStore.object(row.into(TREE_OBJECT)), List.of(row.get(NAMES))));
        if (found.size() > MOST) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED, "The git folder has more than " + MOST + " objects below it");
        }
        return found;
    }

    private static void requireUnchanged(List<Found> before, List<WorkingObject> expected) {
        Map<Long, WorkingObject> there = new HashMap<>();
        before.forEach(found -> there.put(found.object().objectId(), found.working()));
        for (WorkingObject each : expected) {
            if (!each.equals(there.get(each.objectId()))) {
                throw new ApiException(
                        ErrorCode.RESOURCE_CONFLICT, "'" + each.path() + "' was changed meanwhile; try again");
            }
        }
    }

    private static void insert(DSLContext tx, Placing placing, Map<String, Long> folders) {
        WorkspaceObject object = placing.object();
        List<String> names = placing.names();
        long parent = folder(tx, object.workspaceId(), names.subList(0, names.size() - 1), folders, object.createdAt());
        insertRow(tx, under(object, parent), String.join("/", names));
    }

    /** The folder at a path, made where it is not there. */
    private static long folder(
            DSLContext tx, long workspaceId, List<String> names, Map<String, Long> folders, Instant now) {
        long parent = requireNonNull(folders.get(""));
        for (int depth = 1; depth <= names.size(); depth++) {
            String path = String.join("/", names.subList(0, depth));
            Long known = folders.get(path);
            if (known == null) {
                known = requireNonNull(tx.nextval(io.campanile.workspace.db.Sequences.TREE_OBJECT_ID_SEQ))
                        .longValue();
                insertRow(tx, WorkspaceObject.directory(workspaceId, known, parent, names.get(depth - 1), now), path);
                folders.put(path, known);
            }
            parent = known;
        }
        return parent;
    }

    private static WorkspaceObject under(WorkspaceObject object, long parent) {
        return new WorkspaceObject(
                object.workspaceId(),
                object.objectId(),
                parent,
                object.name(),
                object.type(),
                object.language(),
                null,
                object.createdAt(),
                object.modifiedAt(),
                null,
                null,
                object.content(),
                false);
    }

    private static void insertRow(DSLContext tx, WorkspaceObject object, String path) {
        if (ObjectStore.insertRow(tx, object)) {
            return;
        }
        String alike = ObjectStore.alike(tx, object.workspaceId(), requireNonNull(object.parentId()), object.name())
                .map(WorkspaceObject::name)
                .filter(name -> !name.equals(object.name()))
                .map(name -> ", where '" + name + "' differs by capitals alone")
                .orElse("");
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT,
                "'" + path + "' is in the way: it is not under version control, and the commit has it too" + alike);
    }

    private static void replace(DSLContext tx, Placing placing, Instant now) {
        WorkspaceObject object = placing.object();
        Content content = object.content();
        Language language = object.language();
        tx.update(TREE_OBJECT)
                .set(TREE_OBJECT.MODIFIED_AT, now.atOffset(ZoneOffset.UTC))
                .set(TREE_OBJECT.CONTENT_ID, content == null ? null : content.contentId())
                .set(TREE_OBJECT.SIZE, content == null ? null : content.size())
                .set(TREE_OBJECT.LANGUAGE, language == null ? null : language.name())
                .where(TREE_OBJECT.WORKSPACE_ID.eq(object.workspaceId()))
                .and(TREE_OBJECT.OBJECT_ID.eq(object.objectId()))
                .execute();
        Content old = requireNonNull(placing.replaced()).content();
        if (old != null) {
            ContentStore.order(tx, object.workspaceId(), object.objectId(), old.contentId(), now.plus(GRACE));
        }
    }

    /**
     * Folders that had nothing but what was removed go too, unless something is to be placed in them; git knows no empty
     * ones. They go first: what was a folder can be a file in the next commit, or differ from a new one by capitals alone.
     */
    private static void prune(DSLContext tx, long workspaceId, WorkingChange change, Map<String, Long> folders) {
        Set<String> kept = Stream.concat(
                        change.written().stream().flatMap(each -> above(each.names())),
                        change.folders().stream().flatMap(WorkingStore::downTo))
                .collect(Collectors.toSet());
        Stream.concat(
                        change.removed().stream().flatMap(each -> above(each.names())),
                        change.left().stream().flatMap(WorkingStore::downTo))
                .distinct()
                .filter(path -> !kept.contains(path))
                .sorted(Comparator.comparingInt((String path) -> path.split("/", -1).length)
                        .reversed())
                .map(folders::get)
                .filter(java.util.Objects::nonNull)
                .forEach(folder -> tx.deleteFrom(TREE_OBJECT)
                        .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                        .and(TREE_OBJECT.OBJECT_ID.eq(folder))
                        .andNotExists(DSL.selectOne()
                                .from(TREE_OBJECT.as("child"))
                                .where(TREE_OBJECT.as("child").WORKSPACE_ID.eq(workspaceId))
                                .and(TREE_OBJECT.as("child").PARENT_ID.eq(folder)))
                        .execute());
    }

    /** The folders on the way to something, as paths. */
    private static Stream<String> above(List<String> names) {
        return IntStream.range(1, names.size()).mapToObj(depth -> String.join("/", names.subList(0, depth)));
    }

    /** A folder and those on the way to it. */
    private static Stream<String> downTo(List<String> folder) {
        return Stream.concat(above(folder), Stream.of(String.join("/", folder)));
    }
}
