package io.campanile.identity.scim;

/** The rule that a workspace is never left without somebody who can administer it. */
final class Administrators {
    private Administrators() {}

    /** Called after a change that could have taken the last one away: refusing it rolls the change back. */
    static void remain(DirectoryStore.Change change, long workspaceId) {
        if (change.directory().administrators(workspaceId) == 0) {
            throw ScimFailures.invalidValue(
                    "The last active administrator of a workspace cannot be removed, deactivated or deleted:"
                            + " make somebody else an administrator first");
        }
        if (change.accounts().accountAdministrators() == 0) {
            throw ScimFailures.invalidValue(
                    "The last active administrator of the account cannot be deactivated or deleted");
        }
    }
}
