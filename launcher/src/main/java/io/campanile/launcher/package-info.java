/** Starts, supervises and stops an installation: PostgreSQL, the services in one process or many, state and first start. */
@NullMarked
package io.campanile.launcher;

import org.jspecify.annotations.NullMarked;
