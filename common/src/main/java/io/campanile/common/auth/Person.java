package io.campanile.common.auth;

/** Somebody in a workspace: whose share of what all have together is meant. */
public record Person(long workspaceId, long userId) {}
