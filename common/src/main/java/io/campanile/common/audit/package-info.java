/** The audit log of a service: one row for each change and each refusal. */
@NullMarked
package io.campanile.common.audit;

import org.jspecify.annotations.NullMarked;
