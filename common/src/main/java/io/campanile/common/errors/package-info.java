/** The failures that callers are meant to see. */
@NullMarked
package io.campanile.common.errors;

import org.jspecify.annotations.NullMarked;
