package io.campanile.common.http;

/** One mounted route, as the route dump shows it. {@code protocol} is "http" or "ws". */
public record RouteInfo(String method, String path, String protocol, String action, String resource, Access access) {}
