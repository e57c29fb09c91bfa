package io.campanile.notebooks.results;

/** A column; the type is Spark SQL's name. */
public record ResultColumn(String name, String type, boolean nullable) {}
