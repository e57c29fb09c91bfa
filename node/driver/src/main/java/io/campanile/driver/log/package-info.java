/** The logs of Spark's processes: where they are, and what is kept out of them. */
@NullMarked
package io.campanile.driver.log;

import org.jspecify.annotations.NullMarked;
