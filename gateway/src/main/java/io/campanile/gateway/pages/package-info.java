/** The web application's files from the class path. */
@NullMarked
package io.campanile.gateway.pages;

import org.jspecify.annotations.NullMarked;
