package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.ListWorkspaceRequest;
import com.databricks.sdk.service.workspace.ObjectInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes folders and deletes every third of them again. */
final class FolderWriter implements Writer {
    private final Rest rest;
    private final String root;
    private final Deque<String> there = new ArrayDeque<>();
    private int made;
    private int acknowledged;

    FolderWriter(Rest rest, String root) throws Exception {
        this.rest = rest;
        this.root = root;
        rest.sdk().workspace().mkdirs(root);
    }

    @Override
    public String name() {
        return "folders";
    }

    @Override
    public void write() throws Exception {
        if (acknowledged % 3 == 2) {
            String oldest = there.getFirst();
            rest.change(
                    "delete " + oldest,
                    "RESOURCE_DOES_NOT_EXIST",
                    () -> rest.sdk().workspace().delete(new Delete().setPath(oldest)));
            there.removeFirst();
        } else {
            String path = root + "/folder-" + made;
            rest.call("mkdirs " + path, () -> {
                rest.sdk().workspace().mkdirs(path);
                return path;
            });
            there.addLast(path);
            made++;
        }
        acknowledged++;
    }

    @Override
    public int acknowledged() {
        return acknowledged;
    }

    @Override
    public void verify(boolean all) throws Exception {
        assertThat(names(rest, root)).as("folders").containsExactlyInAnyOrderElementsOf(there);
    }

    /** The paths of everything in a folder, as often as the listing names them. */
    static List<String> names(Rest rest, String folder) throws Exception {
        return rest.call("list " + folder, () -> {
            List<String> paths = new ArrayList<>();
            for (ObjectInfo object : rest.sdk().workspace().list(new ListWorkspaceRequest().setPath(folder))) {
                paths.add(object.getPath());
            }
            return paths;
        });
    }
}
