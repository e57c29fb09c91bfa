/** Users, groups and service principals (SCIM). */
@NullMarked
package io.campanile.cli.people;

import org.jspecify.annotations.NullMarked;
