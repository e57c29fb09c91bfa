/** The audit logs of all services as one, for administrators of a workspace. */
@NullMarked
package io.campanile.identity.audit;

import org.jspecify.annotations.NullMarked;
