/** Drives a built installation from outside, with real clients and a real browser. */
@NullMarked
package io.campanile.acceptance;

import org.jspecify.annotations.NullMarked;
