package io.campanile.workspace.objects;

import java.util.Locale;

/** What an entry of the tree is. */
public enum ObjectType {
    DIRECTORY,
    NOTEBOOK,
    FILE,
    /** A git folder: a folder in everything but what git adds to it. */
    REPO;

    /** How the permissions API calls one. */
    String singular() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How the permissions API calls many. */
    String collection() {
        return this == DIRECTORY ? "directories" : singular() + "s";
    }
}
