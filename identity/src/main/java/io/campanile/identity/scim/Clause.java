package io.campanile.identity.scim;

import java.util.ArrayList;
import java.util.List;

/** A condition in SQL made of the fixed texts of {@link Attributes} alone; what a caller wrote is bound. */
record Clause(String sql, List<Object> binds) {
    static final Clause ALL = new Clause("true", List.of());

    Clause {
        binds = List.copyOf(binds);
    }

    static Clause of(String sql, Object... binds) {
        return new Clause(sql, List.of(binds));
    }

    static Clause joined(String operator, List<Clause> parts) {
        List<Object> binds = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Clause part : parts) {
            texts.add("(" + part.sql() + ")");
            binds.addAll(part.binds());
        }
        return new Clause(String.join(" " + operator + " ", texts), binds);
    }

    /** The condition put in the place of {@code %s}. */
    Clause within(String frame) {
        return new Clause(frame.replace("%s", sql), binds);
    }
}
