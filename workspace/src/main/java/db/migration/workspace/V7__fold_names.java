package db.migration.workspace;

import io.campanile.workspace.objects.FoldedNames;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * Folds the names that are there, in Java because no function of the database folds as {@link FoldedNames} does. Names of
 * one folder that differ by capitals alone stay, so that the upgrade breaks nobody's tree; V8 says how they are told apart.
 */
public final class V7__fold_names extends BaseJavaMigration {
    private static final int BATCH = 1_000;
    /** What went into the trash with one folder was in it together and comes back together. */
    private static final String FILL = """
            update tree_object o
            set folded_name = n.folded || case when n.place = 1 then '' else '/' || o.object_id end
            from (
                select t.workspace_id, t.object_id, f.folded, row_number() over (
                    partition by t.workspace_id, t.parent_id, f.folded, t.trash_root_id order by t.object_id) as place
                from tree_object t join folding f on f.name = t.name
            ) n
            where o.workspace_id = n.workspace_id and o.object_id = n.object_id
            """;

    @Override
    public void migrate(Context context) throws SQLException {
        try (Statement statement = context.getConnection().createStatement()) {
            // Not a temporary one, which the service's role may not make.
            statement.execute("create unlogged table folding (name varchar, folded varchar)");
            fold(context);
            statement.execute(FILL);
            statement.execute("drop table folding");
        }
    }

    private static void fold(Context context) throws SQLException {
        try (Statement names = context.getConnection().createStatement();
                PreparedStatement folding =
                        context.getConnection().prepareStatement("insert into folding values (?, ?)")) {
            // Read in pieces, which the driver does within a transaction alone: a tree may have a million names.
            names.setFetchSize(BATCH);
            try (ResultSet found = names.executeQuery("select distinct name from tree_object")) {
                for (int count = 1; found.next(); count++) {
                    folding.setString(1, found.getString(1));
                    folding.setString(2, FoldedNames.fold(found.getString(1)));
                    folding.addBatch();
                    if (count % BATCH == 0) {
                        folding.executeBatch();
                    }
                }
            }
            folding.executeBatch();
        }
    }
}
