package io.campanile.workspace.objects;

/** What an entry of the tree is. */
public enum ObjectType {
    DIRECTORY,
    NOTEBOOK
}
