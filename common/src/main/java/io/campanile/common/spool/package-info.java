/** Large bodies between the services: a few bytes wait in memory, many in a file. */
@NullMarked
package io.campanile.common.spool;

import org.jspecify.annotations.NullMarked;
