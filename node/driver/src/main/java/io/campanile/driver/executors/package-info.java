/** Executors that nodes start and that register by themselves: the driver's side of it, and the process of one. */
@NullMarked
package io.campanile.driver.executors;

import org.jspecify.annotations.NullMarked;
