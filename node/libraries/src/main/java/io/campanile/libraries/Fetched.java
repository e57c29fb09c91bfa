package io.campanile.libraries;

import java.util.List;

/**
 * A library whose jars are there.
 *
 * @param jars that are new, in the order of the class path
 * @param artifacts those of them that come from a Maven repository
 * @param messages what was left out, and why
 */
record Fetched(List<String> jars, List<Order.Artifact> artifacts, List<String> messages) {}
