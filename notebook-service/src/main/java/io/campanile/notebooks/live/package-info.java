/** The socket of the browser: sessions, subscriptions to notebooks, broadcast. */
@NullMarked
package io.campanile.notebooks.live;

import org.jspecify.annotations.NullMarked;
