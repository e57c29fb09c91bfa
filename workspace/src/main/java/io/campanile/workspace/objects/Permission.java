package io.campanile.workspace.objects;

/** What a caller may do with an object; each level includes those before it. */
public enum Permission {
    NONE,
    CAN_READ,
    CAN_RUN,
    CAN_EDIT,
    CAN_MANAGE;

    public boolean includes(Permission needed) {
        return compareTo(needed) >= 0;
    }
}
