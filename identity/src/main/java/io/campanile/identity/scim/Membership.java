package io.campanile.identity.scim;

/** A group somebody is in; not {@code direct}: through another group. */
record Membership(long groupId, String name, boolean direct) {}
