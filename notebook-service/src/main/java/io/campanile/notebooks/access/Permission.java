package io.campanile.notebooks.access;

/** Rising rights on a notebook; each includes those before it. */
public enum Permission {
    CAN_READ,
    CAN_RUN,
    CAN_EDIT,
    CAN_MANAGE;

    public boolean allows(Permission wanted) {
        return compareTo(wanted) >= 0;
    }
}
