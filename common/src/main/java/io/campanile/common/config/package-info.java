/** Validated settings from defaults, file and environment. */
@NullMarked
package io.campanile.common.config;

import org.jspecify.annotations.NullMarked;
