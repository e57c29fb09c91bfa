package io.campanile.common.db;

import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;

/**
 * A query given as text, with a question mark for each value, and nowhere else. It is taken apart once: the library reads
 * the text of plain SQL character by character each time it is used, which costs more than such a query itself.
 */
public final class SqlText {
    private final String template;
    private final List<QueryPart> pieces;

    private SqlText(String template, List<QueryPart> pieces) {
        this.template = template;
        this.pieces = List.copyOf(pieces);
    }

    public static SqlText of(String sql) {
        List<QueryPart> pieces = new ArrayList<>();
        StringBuilder template = new StringBuilder();
        for (String piece : sql.split("\\?", -1)) {
            if (!pieces.isEmpty()) {
                template.append('{').append(2 * pieces.size() - 1).append('}');
            }
            template.append('{').append(2 * pieces.size()).append('}');
            pieces.add(DSL.raw(piece));
        }
        return new SqlText(template.toString(), pieces);
    }

    /** The query with these values, which know their types, in the places of the question marks. */
    public ResultQuery<Record> with(DSLContext db, Field<?>... values) {
        if (values.length != pieces.size() - 1) {
            throw new IllegalArgumentException("The statement takes " + (pieces.size() - 1) + " values");
        }
        QueryPart[] parts = new QueryPart[pieces.size() + values.length];
        for (int i = 0; i < pieces.size(); i++) {
            parts[2 * i] = pieces.get(i);
        }
        for (int i = 0; i < values.length; i++) {
            parts[2 * i + 1] = values[i];
        }
        return db.resultQuery(template, parts);
    }
}
