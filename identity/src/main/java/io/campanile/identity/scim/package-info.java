/** The SCIM 2.0 directory of a workspace: users, service principals, groups, memberships and entitlements. */
@NullMarked
package io.campanile.identity.scim;

import org.jspecify.annotations.NullMarked;
