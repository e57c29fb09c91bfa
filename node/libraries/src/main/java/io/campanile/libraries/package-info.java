/** Fetches the jars of libraries, in a process that a node's agent starts and that ends when they are there. */
@NullMarked
package io.campanile.libraries;

import org.jspecify.annotations.NullMarked;
