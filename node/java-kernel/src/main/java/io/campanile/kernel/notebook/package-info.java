/** What the code in a cell sees: display, dbutils and the session. */
@NullMarked
package io.campanile.kernel.notebook;

import org.jspecify.annotations.NullMarked;
