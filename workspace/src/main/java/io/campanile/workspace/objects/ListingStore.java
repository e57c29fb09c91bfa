package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import io.campanile.common.db.Database;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** All SQL of long lists: folders and searches, page by page. Every statement names the workspace. */
public final class ListingStore {
    /** Made by the database of the name: without accents and capitals. */
    private static final Field<String> SEARCH_NAME = field("search_name", String.class);

    private static final String FOLDED =
            "lower(regexp_replace(normalize({0}, nfd), '[\\u0300-\\u036f]', '', 'g') collate \"pg_c_utf8\")";

    private final DSLContext db;

    public ListingStore(Database database) {
        this.db = requireNonNull(database, "database").context();
    }

    /** An object whose name has what is looked for, and the name as it is compared. */
    record Hit(WorkspaceObject object, String searchName) {}

    /** The live entries of a folder, after a type and name. */
    List<WorkspaceObject> children(long workspaceId, long parentId, Page.@Nullable Key after, int limit) {
        Condition later = after == null
                ? noCondition()
                : row(TREE_OBJECT.OBJECT_TYPE, TREE_OBJECT.NAME).gt(after.first(), after.second());
        return db.select(ObjectStore.COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .and(later)
                .orderBy(TREE_OBJECT.OBJECT_TYPE, TREE_OBJECT.NAME)
                .limit(limit)
                .fetch(ObjectStore::object);
    }

    /** A text as names are compared. */
    String folded(String text) {
        return requireNonNull(db.select(field(FOLDED, String.class, org.jooq.impl.DSL.val(text)))
                .fetchSingle()
                .value1());
    }

    /**
     * Objects that are not thrown away themselves and whose name begins with {@code folded}, or has it further on, after
     * a name and id.
     */
    List<Hit> search(
            long workspaceId,
            String folded,
            boolean prefix,
            @Nullable ObjectType type,
            @Nullable String afterName,
            long afterId,
            int limit) {
        Condition matches = prefix
                ? SEARCH_NAME.startsWith(folded)
                : SEARCH_NAME.contains(folded).andNot(SEARCH_NAME.startsWith(folded));
        List<org.jooq.SelectFieldOrAsterisk> columns = new ArrayList<>(ObjectStore.COLUMNS);
        columns.add(SEARCH_NAME);
        return db.select(columns)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.isNotNull())
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .and(matches)
                .and(type == null ? noCondition() : TREE_OBJECT.OBJECT_TYPE.eq(type.name()))
                .and(
                        afterName == null
                                ? noCondition()
                                : row(SEARCH_NAME, TREE_OBJECT.OBJECT_ID).gt(afterName, afterId))
                .orderBy(SEARCH_NAME, TREE_OBJECT.OBJECT_ID)
                .limit(limit)
                .fetch(found -> new Hit(ObjectStore.object(found), requireNonNull(found.get(SEARCH_NAME))));
    }
}
