package io.campanile.identity;

import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.identity.passwords.PasswordService;
import io.campanile.identity.people.MeRoutes;
import io.campanile.identity.people.PersonService;
import io.campanile.identity.people.PersonStore;
import io.campanile.identity.principals.PrincipalRoutes;
import io.campanile.identity.principals.PrincipalStore;
import io.campanile.identity.scim.AccountService;
import io.campanile.identity.scim.AccountStore;
import io.campanile.identity.scim.AssignmentService;
import io.campanile.identity.scim.AssignmentStore;
import io.campanile.identity.scim.DirectoryStore;
import io.campanile.identity.scim.GroupService;
import io.campanile.identity.scim.GroupStore;
import io.campanile.identity.scim.ScimRoutes;
import io.campanile.identity.workspaces.AssignmentRoutes;
import io.campanile.identity.workspaces.WorkspaceRoutes;
import io.campanile.identity.workspaces.WorkspaceService;
import io.campanile.identity.workspaces.WorkspaceStore;
import java.time.Clock;

/** Who is who: the directory, workspaces and assignments, put together. */
final class DirectoryParts {
    private DirectoryParts() {}

    static void mount(Database database, IdentityConfig config, PasswordService passwords, Clock clock, Endpoints api) {
        var db = database.context();
        new MeRoutes(new PersonService(new PersonStore(db))).mount(api);
        DirectoryStore directory = new DirectoryStore(db);
        new ScimRoutes(
                        new AccountService(directory, new AccountStore(db), passwords, clock),
                        new GroupService(directory, new GroupStore(db), clock))
                .mount(api);
        new WorkspaceRoutes(new WorkspaceService(new WorkspaceStore(db), config.longestTokenLife(), clock)).mount(api);
        new AssignmentRoutes(new AssignmentService(directory, new AssignmentStore(db), clock)).mount(api);
        new PrincipalRoutes(new PrincipalStore(db)).mount(api);
    }
}
