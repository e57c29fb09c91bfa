package io.campanile.clusters.cluster;

/**
 * What a caller may do with a cluster; each level includes those before it. None of them lets anybody but the owner run
 * code on it: what runs there has the owner's rights.
 */
enum ClusterPermission {
    NONE,
    /** May look: state, settings, events. */
    CAN_ATTACH_TO,
    /** May start, restart and terminate it. */
    CAN_RESTART,
    CAN_MANAGE;

    boolean includes(ClusterPermission needed) {
        return compareTo(needed) >= 0;
    }
}
