package io.campanile.notebooks.documents;

import io.campanile.common.errors.ApiException;

/** What becomes of an operation that reached the authority. A plain refusal is an ApiException instead. */
sealed interface Admission {
    /** The operation as it is to be committed. */
    record Admitted(Op op) implements Admission {}

    /** It cannot be applied where it was meant to be; its text is kept in a new cell. */
    record Recovered(Op.Insert kept, ApiException refusal) implements Admission {}
}
