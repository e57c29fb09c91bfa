package io.campanile.clusters.pool;

/** What a caller may do with a pool; each level includes those before it. */
enum PoolPermission {
    NONE,
    /** May see it and make clusters of it. */
    CAN_ATTACH_TO,
    CAN_MANAGE;

    boolean includes(PoolPermission needed) {
        return compareTo(needed) >= 0;
    }
}
