package io.campanile.workspace.git;

import io.campanile.workspace.objects.WorkingObject;
import java.util.List;
import java.util.Map;

/**
 * What all rows of a git folder said at one moment.
 *
 * @param objects those below the folder
 */
record RepoSnapshot(
        RepoStore.Repo repo,
        Map<String, String> branches,
        List<RepoStore.TrackedFile> files,
        List<SubmoduleStore.Submodule> submodules,
        List<RepoStore.Conflict> conflicts,
        List<WorkingObject> objects) {}
