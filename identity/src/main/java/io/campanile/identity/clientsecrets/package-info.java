/** The secrets by which service principals sign in. */
@NullMarked
package io.campanile.identity.clientsecrets;

import org.jspecify.annotations.NullMarked;
