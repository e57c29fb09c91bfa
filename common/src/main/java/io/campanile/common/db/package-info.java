/** Connections, migrations and transactions: one schema per service. */
@NullMarked
package io.campanile.common.db;

import org.jspecify.annotations.NullMarked;
