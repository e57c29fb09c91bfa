/** Notebooks of a hundred megabytes through the gateway and the services, in a process with little memory. */
@NullMarked
package io.campanile.launcher.large;

import org.jspecify.annotations.NullMarked;
