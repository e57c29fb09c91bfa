/** Who somebody is, in the wire shapes clients ask for. */
@NullMarked
package io.campanile.identity.people;

import org.jspecify.annotations.NullMarked;
