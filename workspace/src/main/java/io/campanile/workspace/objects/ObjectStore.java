package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.db.SqlText;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.Grant;
import io.campanile.common.permissions.ObjectRef;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.db.Sequences;
import io.campanile.workspace.formats.Language;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** All SQL that reads the tree, and the insertion of entries. Every statement names the workspace. */
public final class ObjectStore {
    static final List<Field<?>> COLUMNS = List.of(
            TREE_OBJECT.WORKSPACE_ID,
            TREE_OBJECT.OBJECT_ID,
            TREE_OBJECT.PARENT_ID,
            TREE_OBJECT.NAME,
            TREE_OBJECT.OBJECT_TYPE,
            TREE_OBJECT.LANGUAGE,
            TREE_OBJECT.OWNER_USER_ID,
            TREE_OBJECT.CREATED_AT,
            TREE_OBJECT.MODIFIED_AT,
            TREE_OBJECT.TRASHED_AT,
            TREE_OBJECT.TRASH_ROOT_ID,
            TREE_OBJECT.CONTENT_ID,
            TREE_OBJECT.SIZE,
            TREE_OBJECT.REMOVING);
    /** As the statements below have them: what they answer is read without another look at names and types. */
    private static final String ROW = COLUMNS.stream().map(Field::getName).collect(Collectors.joining(", "));

    private static final String ROW_OF_T =
            COLUMNS.stream().map(column -> "t." + column.getName()).collect(Collectors.joining(", "));

    private static final DataType<String[]> NAMES = SQLDataType.VARCHAR.array();
    private static final DataType<Long[]> IDS = SQLDataType.BIGINT.array();
    private static final Field<Long> LEAF = DSL.field(DSL.name("leaf_id"), Long.class);

    // PostgreSQL keeps the plan a connection made while the tree was small, and for a small one it may read the whole
    // of
    // an index at each step. A lateral query with a limit it can only run as a look into an index for each row.
    private static final SqlText CHAIN = SqlText.of("""
            with recursive chain(%1$s, depth) as (
                select %2$s, 0 from tree_object t where t.workspace_id = ? and t.object_id = ?
                union all
                select %2$s, chain.depth + 1
                from chain cross join lateral (
                    select %1$s from tree_object up where up.workspace_id = ? and up.object_id = chain.parent_id limit 1
                ) t
            )
            select %1$s from chain order by depth desc
            """.formatted(ROW, ROW_OF_T));
    /** Each step down is a look into the unique index of the names. */
    private static final SqlText WALK = SqlText.of("""
            with recursive walk(%1$s, depth) as (
                select %2$s, 0 from tree_object t where t.workspace_id = ? and t.parent_id is null
                union all
                select %2$s, walk.depth + 1
                from walk cross join lateral (
                    select %1$s from tree_object down
                    where down.workspace_id = ? and down.parent_id = walk.object_id
                        and down.name = (?)[walk.depth + 1] and down.trashed_at is null
                    limit 1
                ) t
            )
            select %1$s from walk order by depth
            """.formatted(ROW, ROW_OF_T));

    private static final SqlText CHAINS = SqlText.of("""
            with recursive chain(%1$s, leaf_id, depth) as (
                select %2$s, t.object_id, 0 from tree_object t where t.workspace_id = ? and t.object_id = any(?)
                union all
                select %2$s, chain.leaf_id, chain.depth + 1
                from chain cross join lateral (
                    select %1$s from tree_object up where up.workspace_id = ? and up.object_id = chain.parent_id limit 1
                ) t
            )
            select %1$s, leaf_id from chain order by leaf_id, depth desc
            """.formatted(ROW, ROW_OF_T));
    private final Database database;
    private final DSLContext db;

    public ObjectStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.db = database.context();
    }

    /** What became of an insertion or a move. */
    enum Placed {
        DONE,
        NAME_TAKEN,
        NO_PARENT
    }

    <T> T inTransaction(Function<DSLContext, T> work) {
        return database.inTransaction(work);
    }

    /** Runs {@code work} in a transaction that is undone when it answers false. */
    boolean changing(Predicate<DSLContext> work) {
        try {
            database.transact(tx -> {
                if (!work.test(tx)) {
                    throw new UndoneException();
                }
            });
            return true;
        } catch (UndoneException undone) {
            return false;
        }
    }

    private static final class UndoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    long nextId() {
        return nextId(db);
    }

    static long nextId(DSLContext tx) {
        return requireNonNull(tx.nextval(Sequences.TREE_OBJECT_ID_SEQ)).longValue();
    }

    /** Makes the workspace's root and the folders every workspace has. */
    void ensureRoots(long workspaceId, Instant now) {
        if (root(workspaceId).isPresent()) {
            return;
        }
        // One transaction: nobody sees a root without its folders. The ids come over its connection: others who come
        // first at the same time wait for this one's root, and may have all the other connections.
        database.transact(tx -> {
            WorkspaceObject root = WorkspaceObject.root(workspaceId, nextId(tx), now);
            if (insertRow(tx, root)) {
                for (String name : List.of(WorkspacePath.HOMES, WorkspacePath.SHARED, WorkspacePath.REPOS)) {
                    insertRow(tx, WorkspaceObject.directory(workspaceId, nextId(tx), root.objectId(), name, now));
                }
            }
        });
    }

    Optional<WorkspaceObject> root(long workspaceId) {
        return db.select(COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.isNull())
                .fetchOptional(ObjectStore::object);
    }

    /** The root and what is live under these names, one below the other, as far as there is something. */
    List<WorkspaceObject> walk(long workspaceId, List<String> names) {
        Field<Long> workspace = DSL.val(workspaceId, TREE_OBJECT.WORKSPACE_ID);
        return WALK.with(db, workspace, workspace, DSL.val(names.toArray(String[]::new), NAMES))
                .coerce(COLUMNS)
                .fetch(ObjectStore::object);
    }

    Optional<WorkspaceObject> child(long workspaceId, long parentId, String name) {
        return db.select(COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(TREE_OBJECT.NAME.eq(name))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .fetchOptional(ObjectStore::object);
    }

    /** What is live in a folder under a name, or under one that differs from it by capitals alone. */
    Optional<WorkspaceObject> alike(long workspaceId, long parentId, String name) {
        return alike(db, workspaceId, parentId, name);
    }

    static Optional<WorkspaceObject> alike(DSLContext tx, long workspaceId, long parentId, String name) {
        return tx.select(COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(named(name))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .orderBy(DSL.iif(TREE_OBJECT.NAME.eq(name), 0, 1), TREE_OBJECT.OBJECT_ID)
                .limit(1)
                .fetchOptional(ObjectStore::object);
    }

    /** Names from before the rule may be folded otherwise, hence both. */
    static Condition named(String name) {
        return TREE_OBJECT.NAME.eq(name).or(TREE_OBJECT.FOLDED_NAME.eq(FoldedNames.fold(name)));
    }

    /** The live entries of a folder: folders first, by name. */
    List<WorkspaceObject> children(long workspaceId, long parentId) {
        return db.select(COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .orderBy(TREE_OBJECT.OBJECT_TYPE, TREE_OBJECT.NAME)
                .fetch(ObjectStore::object);
    }

    /** The folded names in a folder that begin like a free name will; a large folder is not read for one. */
    Set<String> namesBeginning(long workspaceId, long parentId, String beginning) {
        return db.select(TREE_OBJECT.FOLDED_NAME)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .and(TREE_OBJECT.FOLDED_NAME.startsWith(FoldedNames.fold(beginning)))
                .fetchSet(TREE_OBJECT.FOLDED_NAME);
    }

    /** The object and the folders above it, root first; of a thrown away object too, but not of one being removed. */
    Optional<Located> locate(long workspaceId, long objectId) {
        return locate(db, workspaceId, objectId);
    }

    static Optional<Located> locate(DSLContext tx, long workspaceId, long objectId) {
        Field<Long> workspace = DSL.val(workspaceId, TREE_OBJECT.WORKSPACE_ID);
        List<WorkspaceObject> chain = CHAIN.with(tx, workspace, DSL.val(objectId, TREE_OBJECT.OBJECT_ID), workspace)
                .coerce(COLUMNS)
                .fetch(ObjectStore::object);
        return chain.isEmpty() || chain.stream().anyMatch(WorkspaceObject::removing)
                ? Optional.empty()
                : Optional.of(new Located(chain));
    }

    /** Like {@link #locate}, for many objects at once, in the same order; those that are gone are absent. */
    List<Located> locateAll(long workspaceId, Collection<Long> objectIds) {
        if (objectIds.isEmpty()) {
            return List.of();
        }
        Map<Long, List<WorkspaceObject>> chains = new LinkedHashMap<>();
        Field<Long> workspace = DSL.val(workspaceId, TREE_OBJECT.WORKSPACE_ID);
        List<Field<?>> columns = new ArrayList<>(COLUMNS);
        columns.add(LEAF);
        CHAINS.with(db, workspace, DSL.val(objectIds.toArray(Long[]::new), IDS), workspace)
                .coerce(columns)
                .forEach(row -> chains.computeIfAbsent(row.get(LEAF), id -> new ArrayList<>())
                        .add(object(row)));
        return objectIds.stream()
                .flatMap(id -> Optional.ofNullable(chains.get(id)).stream())
                .filter(chain -> chain.stream().noneMatch(WorkspaceObject::removing))
                .map(Located::new)
                .toList();
    }

    Optional<WorkspaceObject> home(long workspaceId, long userId) {
        return db.select(COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.OWNER_USER_ID.eq(userId))
                .fetchOptional(ObjectStore::object);
    }

    /** Gives a folder that was made for a user to that user; false when the user has a home already. */
    boolean claimHome(long workspaceId, long objectId, long userId) {
        return db.update(TREE_OBJECT)
                        .set(TREE_OBJECT.OWNER_USER_ID, userId)
                        .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                        .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                        .and(TREE_OBJECT.OWNER_USER_ID.isNull())
                        .execute()
                == 1;
    }

    Placed insert(WorkspaceObject object) {
        return database.inTransaction(tx -> insert(tx, object));
    }

    /** Inserts under a live folder. The constraints decide on the name; the shared lock keeps the folder alive meanwhile. */
    static Placed insert(DSLContext tx, WorkspaceObject object) {
        lock(tx, object.workspaceId(), false);
        if (!isLiveFolder(tx, object.workspaceId(), requireNonNull(object.parentId()))) {
            return Placed.NO_PARENT;
        }
        return insertRow(tx, object) ? Placed.DONE : Placed.NAME_TAKEN;
    }

    /** Inserts what the caller makes in a folder; it is his to manage wherever no rule says so already. */
    static Placed create(DSLContext tx, Caller caller, Located folder, WorkspaceObject object) {
        Placed placed = insert(tx, object);
        if (placed == Placed.DONE && Permissions.creatorNeedsGrant(caller, folder)) {
            giveManage(tx, caller, object);
        }
        return placed;
    }

    static void giveManage(DSLContext tx, Caller caller, WorkspaceObject object) {
        AclStore.give(
                tx,
                caller.workspaceId(),
                new Grant(ref(object), caller.userId(), PrincipalKind.USER, Permission.CAN_MANAGE.name()));
    }

    /** The object as the permissions API names it. */
    static ObjectRef ref(WorkspaceObject object) {
        return new ObjectRef(object.type().collection(), Long.toString(object.objectId()));
    }

    /** The object as the audit log names it. */
    static String audited(WorkspaceObject object) {
        return object.type().singular() + "/" + object.objectId();
    }

    /**
     * Holds the shape of a workspace's tree to the end of the transaction: insertions share it, whoever moves or
     * removes a subtree has it alone, so no entry can appear in what is going away and no two moves can make a ring.
     */
    static void lock(DSLContext tx, long workspaceId, boolean alone) {
        var root = tx.select(TREE_OBJECT.OBJECT_ID)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.isNull());
        if (alone) {
            root.forNoKeyUpdate().fetch();
        } else {
            root.forShare().fetch();
        }
    }

    static boolean isLiveFolder(DSLContext tx, long workspaceId, long objectId) {
        return locate(tx, workspaceId, objectId)
                .filter(located -> located.isLive() && located.object().isDirectory())
                .isPresent();
    }

    /** Notes that the content changed; a time that is older than the known one changes nothing. */
    void touch(long workspaceId, long objectId, Instant modifiedAt, @Nullable Language language) {
        touch(db, workspaceId, objectId, modifiedAt, language);
    }

    /** A person put other content into a notebook. */
    void replaced(Caller caller, Located notebook, Instant now, Language language) {
        database.transact(tx -> {
            touch(tx, caller.workspaceId(), notebook.object().objectId(), now, language);
            Audit.record(
                    tx,
                    caller,
                    audited(notebook.object()),
                    Map.of("path", notebook.path().toString(), "overwrite", true));
        });
    }

    private static void touch(
            DSLContext tx, long workspaceId, long objectId, Instant modifiedAt, @Nullable Language language) {
        var modified = modifiedAt.atOffset(ZoneOffset.UTC);
        var update = tx.update(TREE_OBJECT)
                .set(
                        TREE_OBJECT.MODIFIED_AT,
                        DSL.greatest(TREE_OBJECT.MODIFIED_AT, DSL.val(modified, TREE_OBJECT.MODIFIED_AT)));
        if (language != null) {
            update = update.set(TREE_OBJECT.LANGUAGE, language.name());
        }
        update.where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                .and(TREE_OBJECT.OBJECT_TYPE.eq(ObjectType.NOTEBOOK.name()))
                .execute();
    }

    static boolean insertRow(DSLContext tx, WorkspaceObject object) {
        return tx.insertInto(TREE_OBJECT)
                        .set(TREE_OBJECT.WORKSPACE_ID, object.workspaceId())
                        .set(TREE_OBJECT.OBJECT_ID, object.objectId())
                        .set(TREE_OBJECT.PARENT_ID, object.parentId())
                        .set(TREE_OBJECT.NAME, object.name())
                        .set(TREE_OBJECT.FOLDED_NAME, FoldedNames.fold(object.name()))
                        .set(TREE_OBJECT.OBJECT_TYPE, object.type().name())
                        .set(
                                TREE_OBJECT.LANGUAGE,
                                object.language() == null
                                        ? null
                                        : object.language().name())
                        .set(TREE_OBJECT.OWNER_USER_ID, object.ownerUserId())
                        .set(
                                TREE_OBJECT.CONTENT_ID,
                                object.content() == null
                                        ? null
                                        : object.content().contentId())
                        .set(
                                TREE_OBJECT.SIZE,
                                object.content() == null
                                        ? null
                                        : object.content().size())
                        .set(TREE_OBJECT.CREATED_AT, object.createdAt().atOffset(ZoneOffset.UTC))
                        .set(TREE_OBJECT.MODIFIED_AT, object.modifiedAt().atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    static WorkspaceObject object(Record row) {
        String language = row.get(TREE_OBJECT.LANGUAGE);
        var trashedAt = row.get(TREE_OBJECT.TRASHED_AT);
        Long contentId = row.get(TREE_OBJECT.CONTENT_ID);
        return new WorkspaceObject(
                row.get(TREE_OBJECT.WORKSPACE_ID),
                row.get(TREE_OBJECT.OBJECT_ID),
                row.get(TREE_OBJECT.PARENT_ID),
                row.get(TREE_OBJECT.NAME),
                ObjectType.valueOf(row.get(TREE_OBJECT.OBJECT_TYPE)),
                language == null ? null : Language.valueOf(language),
                row.get(TREE_OBJECT.OWNER_USER_ID),
                row.get(TREE_OBJECT.CREATED_AT).toInstant(),
                row.get(TREE_OBJECT.MODIFIED_AT).toInstant(),
                trashedAt == null ? null : trashedAt.toInstant(),
                row.get(TREE_OBJECT.TRASH_ROOT_ID),
                contentId == null ? null : new Content(contentId, row.get(TREE_OBJECT.SIZE)),
                row.get(TREE_OBJECT.REMOVING));
    }
}
