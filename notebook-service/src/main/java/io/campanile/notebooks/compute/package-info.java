/** The clusters notebooks run on: what cluster-manager says of them and which one each person attached. */
@NullMarked
package io.campanile.notebooks.compute;

import org.jspecify.annotations.NullMarked;
