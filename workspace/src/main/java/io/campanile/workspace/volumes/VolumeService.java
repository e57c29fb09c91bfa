package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Principal;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.BlobStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of volumes: names, owners, and that their files go where they go. */
public final class VolumeService {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_COMMENT = 65_536;

    private final VolumeStore store;
    private final VolumeAccess access;
    private final Principals principals;
    private final BlobStore blobs;
    private final Clock clock;

    public VolumeService(VolumeStore store, VolumeAccess access, Principals principals, BlobStore blobs, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.access = requireNonNull(access, "access");
        this.principals = requireNonNull(principals, "principals");
        this.blobs = requireNonNull(blobs, "blobs");
        this.clock = requireNonNull(clock, "clock");
    }

    Volume create(Caller caller, String name, @Nullable String comment) {
        Instant now = now();
        Volume volume = new Volume(
                caller.workspaceId(),
                UUID.randomUUID().toString(),
                checked(name, "name"),
                checkedComment(comment),
                caller.userId(),
                caller.userName(),
                caller.userName(),
                now,
                caller.userName(),
                now,
                Volume.State.ACTIVE,
                null);
        store.find(caller.workspaceId(), volume.name())
                .filter(old -> old.state() == Volume.State.DELETING)
                .ifPresent(this::settle);
        if (store.find(caller.workspaceId(), volume.name()).isPresent()) {
            throw taken(volume);
        }
        // The folder first: a volume that is there has one. Left over, it is what the next of this name begins with.
        makeFolder(volume);
        if (!store.insert(caller, volume)) {
            throw taken(volume);
        }
        return volume;
    }

    List<Volume> list(Caller caller, @Nullable String after, int limit) {
        return store.visible(caller, after, limit);
    }

    /** The volumes that the caller may know of, as names in a folder. */
    public List<String> names(Caller caller, @Nullable String after, int limit) {
        return list(caller, after, limit).stream().map(Volume::name).toList();
    }

    Volume get(Caller caller, String fullName) {
        Volume volume = access.named(caller, nameIn(fullName));
        access.requireAny(caller, volume);
        return volume;
    }

    /** What is null stays. */
    Volume update(
            Caller caller, String fullName, @Nullable String name, @Nullable String comment, @Nullable String owner) {
        Volume was = access.named(caller, nameIn(fullName));
        access.require(caller, was, Privilege.MANAGE);
        if (was.state() == Volume.State.MOVING) {
            settle(was);
        }
        Principal next = owner == null ? null : principals.named(caller, owner);
        Volume is = new Volume(
                was.workspaceId(),
                was.volumeId(),
                name == null ? was.name() : checked(name, "new_name"),
                comment == null ? was.comment() : checkedComment(comment),
                next == null ? was.ownerId() : next.principalId(),
                next == null ? was.ownerName() : next.name(),
                was.createdBy(),
                was.createdAt(),
                caller.userName(),
                now(),
                Volume.State.ACTIVE,
                null);
        if (!store.update(caller, was, is)) {
            throw taken(is);
        }
        if (!is.name().equals(was.name())) {
            store.find(caller.workspaceId(), is.name()).ifPresent(this::settle);
        }
        return is;
    }

    void delete(Caller caller, String fullName) {
        Volume volume = access.named(caller, nameIn(fullName));
        access.require(caller, volume, Privilege.MANAGE);
        if (volume.state() == Volume.State.MOVING) {
            settle(volume);
        }
        store.beginDeletion(caller, volume);
        store.find(caller.workspaceId(), volume.name()).ifPresent(this::settle);
    }

    /** Finishes what a crash left half done. */
    public void settleAll() {
        store.unsettled().forEach(this::settle);
    }

    private void settle(Volume volume) {
        switch (volume.state()) {
            case ACTIVE -> {}
            case MOVING -> {
                moveFolder(volume);
                store.moved(volume);
            }
            case DELETING -> {
                BlobErrors.guard(() -> {
                    if (blobs.find(volume.workspaceId(), volume.folder()).isPresent()) {
                        blobs.deleteFolder(volume.workspaceId(), volume.folder(), true);
                    }
                    return true;
                });
                store.deleted(volume);
            }
        }
    }

    private void moveFolder(Volume volume) {
        BlobPath from = Volume.folder(requireNonNull(volume.movingFrom()));
        BlobErrors.guard(() -> {
            long workspaceId = volume.workspaceId();
            if (blobs.find(workspaceId, from).isPresent()) {
                // Empty, left by a creation that did not come to its end; nothing else can be here.
                if (blobs.find(workspaceId, volume.folder()).isPresent()) {
                    blobs.deleteFolder(workspaceId, volume.folder(), false);
                }
                blobs.move(workspaceId, from, volume.folder());
            }
            return true;
        });
    }

    private void makeFolder(Volume volume) {
        BlobErrors.guard(() -> {
            blobs.makeFolders(volume.workspaceId(), volume.folder());
            return true;
        });
    }

    /** The last part of {@code main.default.<name>}. */
    static String nameIn(String fullName) {
        String[] parts = fullName.toLowerCase(Locale.ROOT).split("\\.", -1);
        if (parts.length != 3) {
            throw ApiException.invalid("'" + fullName + "' is not the full name of a volume: catalog.schema.volume");
        }
        VolumeAccess.requireSchema(parts[0], parts[1]);
        return parts[2];
    }

    /** Names are kept in lower case, so that two never differ by it alone. */
    private static String checked(String name, String field) {
        String kept = name.toLowerCase(Locale.ROOT);
        if (kept.length() > LONGEST_NAME
                || kept.indexOf('.') >= 0
                || kept.chars().anyMatch(Character::isWhitespace)) {
            throw ApiException.invalid(
                    field + " must have at most " + LONGEST_NAME + " characters, no dots and no blanks");
        }
        BlobPath.checkName(kept, field);
        return kept;
    }

    private static @Nullable String checkedComment(@Nullable String comment) {
        if (comment != null && comment.length() > LONGEST_COMMENT) {
            throw ApiException.invalid("comment has at most " + LONGEST_COMMENT + " characters");
        }
        return comment;
    }

    private static ApiException taken(Volume volume) {
        return new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "Volume '" + volume.fullName() + "' already exists");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
