/** The permissions API for any kind of object: levels, direct and inherited grants, and the rules of changing them. */
@NullMarked
package io.campanile.common.permissions;

import org.jspecify.annotations.NullMarked;
