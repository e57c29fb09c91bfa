package io.campanile.identity.scim;

import io.campanile.common.directory.PrincipalKind;

/** A person or service principal of the account in one workspace. */
public record Assignment(long principalId, PrincipalKind kind, String userName, String displayName, boolean admin) {}
