package io.campanile.identity.scim;

/** Which rows of a resource's table, in which order: fixed texts of {@link Attributes} and binds. */
record Selection(Clause where, String orderBy, boolean descending, long offset, int limit) {
    /** What a query asks for of a resource with these attributes. */
    static Selection of(ListQuery query, Attributes attributes, String schema) {
        Clause where = new FilterSql(attributes, schema).of(query.filter());
        return new Selection(
                where, order(query, attributes), query.descending(), query.startIndex() - 1, query.count());
    }

    private static String order(ListQuery query, Attributes attributes) {
        String by = query.sortBy();
        if (by == null || by.isEmpty()) {
            return "r." + (attributes == Attributes.GROUPS ? "group_id" : "user_id");
        }
        Attributes.Attribute attribute = attributes
                .find(by)
                .filter(found -> found.frame() == null)
                .orElseThrow(() -> ScimFailures.invalidValue("sortBy " + by + " is not an attribute to sort by"));
        return attribute.kind() == Attributes.Kind.CASELESS ? "lower(" + attribute.sql() + ")" : attribute.sql();
    }
}
