/** The one JSON mapping of every service. */
@NullMarked
package io.campanile.common.json;

import org.jspecify.annotations.NullMarked;
