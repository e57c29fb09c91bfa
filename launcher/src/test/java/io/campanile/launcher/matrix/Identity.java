package io.campanile.launcher.matrix;

import java.util.Locale;

/** Everybody who calls, in the order of the table's columns. */
enum Identity {
    /** No credential. */
    ANONYMOUS,
    /** A token of the owner with another end: its beginning is one that the database knows. */
    GARBAGE,
    /** A token of the owner whose life is over. */
    EXPIRED,
    /** A token of the owner that he took back. */
    REVOKED,
    /** Has the least that can be given on the owner's things. */
    VIEWER,
    /** Has what it takes to run or change them, but neither to share nor to delete. */
    RUNNER,
    /** Made them; no administrator. */
    OWNER,
    /** Administers the workspace. */
    ADMIN,
    /** Administers another workspace and has things of his own there. */
    OTHER,
    /** Administers the account, from a third workspace. */
    ACCOUNT;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is somebody of the workspace whose things are asked for. */
    boolean inside() {
        return this == VIEWER || this == RUNNER || this == OWNER || this == ADMIN;
    }
}
