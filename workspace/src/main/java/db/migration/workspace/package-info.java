/** Migrations that SQL cannot do; Flyway finds them beside the others by the name of the package. */
@NullMarked
package db.migration.workspace;

import org.jspecify.annotations.NullMarked;
