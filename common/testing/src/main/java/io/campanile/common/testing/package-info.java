/** What the tests of every service start from: a real database and a service environment. */
@NullMarked
package io.campanile.common.testing;

import org.jspecify.annotations.NullMarked;
