package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.scim.DirectoryStore.Change;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** People of the account in its workspaces: an administrator of the account puts them there and takes them away. */
public final class AssignmentService {
    private final DirectoryStore directory;
    private final AssignmentStore assignments;
    private final Clock clock;

    public AssignmentService(DirectoryStore directory, AssignmentStore assignments, Clock clock) {
        this.directory = requireNonNull(directory, "directory");
        this.assignments = requireNonNull(assignments, "assignments");
        this.clock = requireNonNull(clock, "clock");
    }

    public List<Assignment> list(long workspaceId) {
        if (!assignments.hasWorkspace(workspaceId)) {
            throw ApiException.notFound("Workspace " + workspaceId + " does not exist");
        }
        return assignments.list(workspaceId);
    }

    /** Makes somebody a member, and an administrator or not; the same again changes nothing. */
    public Assignment assign(Caller caller, long workspaceId, long principalId, boolean admin) {
        return directory.change(workspaceId, change -> {
            Account person = change.assignments().elsewhere(principalId).orElseThrow(() -> missing(principalId));
            if (change.assignments().find(workspaceId, principalId).isEmpty()) {
                join(change, workspaceId, person);
            }
            Member member =
                    new Member(principalId, person.kind(), person.profile().displayName());
            long admins = change.groups().builtIn(workspaceId, Group.ADMINS);
            if (admin) {
                change.directory().addMember(workspaceId, admins, member);
            } else {
                change.directory().removeMember(workspaceId, admins, principalId);
                Administrators.remain(change, workspaceId);
            }
            change.directory()
                    .record(
                            caller,
                            resource(workspaceId, principalId),
                            Map.of("name", person.profile().userName(), "admin", admin));
            return change.assignments().find(workspaceId, principalId).orElseThrow();
        });
    }

    public void remove(Caller caller, long workspaceId, long principalId) {
        directory.change(workspaceId, change -> {
            Assignment assignment =
                    change.assignments().find(workspaceId, principalId).orElseThrow(() -> missing(principalId));
            AccountService.leave(change, workspaceId, principalId);
            change.directory()
                    .record(caller, resource(workspaceId, principalId), Map.of("name", assignment.userName()));
            return true;
        });
    }

    private void join(Change change, long workspaceId, Account person) {
        boolean joined = change.accounts()
                .insert(workspaceId, person.id(), person.kind(), person.profile(), true, clock.instant());
        if (!joined) {
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "The workspace has somebody else of the name "
                            + person.profile().userName());
        }
        change.directory()
                .addMember(
                        workspaceId,
                        change.groups().builtIn(workspaceId, Group.USERS),
                        new Member(person.id(), person.kind(), person.profile().displayName()));
    }

    private static String resource(long workspaceId, long principalId) {
        return "workspace/" + workspaceId + "/assignment/" + principalId;
    }

    private static ApiException missing(long principalId) {
        return ApiException.notFound("Principal " + principalId + " does not exist");
    }
}
