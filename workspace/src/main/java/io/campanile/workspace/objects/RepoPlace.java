package io.campanile.workspace.objects;

/** A git folder as the tree has it, and what the caller may do with it. */
public record RepoPlace(long repoId, String path, Permission permission) {}
