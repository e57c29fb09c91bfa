package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Contents that come as they are, to a file or into a folder. What can be refused is, before the bytes come. */
public final class UploadService {
    private final Tree tree;
    private final FileEntries files;
    private final ArchiveImport archives;

    public UploadService(Tree tree, FileEntries files, ArchiveImport archives) {
        this.tree = requireNonNull(tree, "tree");
        this.files = requireNonNull(files, "files");
        this.archives = requireNonNull(archives, "archives");
    }

    /** What the bytes are when they become a folder. */
    enum ArchiveKind {
        DBC,
        ZIP
    }

    /**
     * What a request wants.
     *
     * @param objectId the file, or the folder to make something in
     * @param name of what is made in a folder
     * @param etag the content that must be there
     * @param fresh whether nothing of the name may be there yet
     */
    record Asked(
            long objectId,
            @Nullable String name,
            @Nullable ArchiveKind archive,
            @Nullable String etag,
            boolean fresh) {}

    /** Where the bytes go: to a file that is there, or to a name in a folder. */
    record Target(Located place, @Nullable String name, Asked asked) {}

    /** Refuses what {@link #complete} would refuse. */
    Target accept(Caller caller, Asked asked) {
        Located there = tree.live(caller, asked.objectId(), Permission.CAN_EDIT);
        if (!there.object().isDirectory()) {
            if (there.object().type() != ObjectType.FILE) {
                throw ApiException.invalid("Object " + asked.objectId() + " is a notebook; import into it instead");
            }
            if (asked.name() != null || asked.archive() != null) {
                throw ApiException.invalid("name and archive are for uploads into a folder; this is a file");
            }
            FileEntries.requireTag(there, asked.etag());
            return new Target(there, null, asked);
        }
        String name = WorkspacePath.checkName(
                ApiException.require(asked.name(), "name").strip());
        WorkspacePath path = WorkspacePath.parse(there.path().child(name).toString());
        Optional<Located> same = tree.lookup(caller, path, Permission.CAN_EDIT);
        boolean replaceable = asked.archive() == null
                && !asked.fresh()
                && same.filter(object -> object.object().type() == ObjectType.FILE)
                        .isPresent();
        if (same.isPresent() && !replaceable) {
            throw Tree.taken(path);
        }
        if (same.isPresent()) {
            FileEntries.requireTag(same.get(), asked.etag());
            return new Target(same.get(), null, asked);
        }
        if (asked.etag() != null) {
            throw Tree.missing(path);
        }
        tree.requireFree(there, name);
        return new Target(there, name, asked);
    }

    /** Makes the bytes what was asked for; looks again, because they took their time. */
    Located complete(Caller caller, Target target, Path draft) {
        Located place = tree.live(caller, target.place().object().objectId(), Permission.CAN_EDIT);
        String name = target.name();
        if (name == null) {
            files.replace(caller, place, draft, target.asked().etag());
            return tree.live(caller, place.object().objectId(), Permission.CAN_READ);
        }
        if (target.asked().archive() == null) {
            return files.create(caller, place, name, draft);
        }
        WorkspacePath path = place.path().child(name);
        archives.importFolder(caller, path, draft, target.asked().archive() == ArchiveKind.DBC);
        return tree.at(caller, path, Permission.CAN_READ);
    }
}
