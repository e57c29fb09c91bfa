package io.campanile.notebooks.documents;

/** A notebook of a workspace: no statement goes without both. */
public record NotebookKey(long workspaceId, long notebookId) {}
