package io.campanile.identity.scim;

import io.campanile.common.directory.PrincipalKind;

/** A direct member of a group. */
record Member(long id, PrincipalKind kind, String display) {}
