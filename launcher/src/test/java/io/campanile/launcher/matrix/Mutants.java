package io.campanile.launcher.matrix;

import java.util.List;
import java.util.function.Predicate;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.matcher.ElementMatchers;

/** The rules that are switched off, one at a time. */
final class Mutants {
    private static final String COMMON = "io.campanile.common.";
    private static final String GATEWAY = "io.campanile.gateway.";
    private static final String IDENTITY = "io.campanile.identity.";
    private static final String WORKSPACE = "io.campanile.workspace.";
    private static final String CLUSTERS = "io.campanile.clusters.cluster.";
    private static final String POLICIES = "io.campanile.clusters.policy.";
    private static final String COST = "io.campanile.clusters.cost.";
    private static final String NOTEBOOKS = "io.campanile.notebooks.";

    private Mutants() {}

    static List<Mutant> all() {
        return List.of(
                mutant(
                        "an administrator's route is for administrators",
                        COMMON + "auth.Caller",
                        Mutant.nothing("requireAdmin"),
                        "/api/2.0/ip-access-lists"),
                mutant(
                        "a route of the account is for its administrators",
                        COMMON + "auth.Caller",
                        Mutant.nothing("requireAccountAdmin"),
                        "/api/2.0/accounts/:account_id/workspaces"),
                mutant(
                        "the gateway's own routes for administrators",
                        GATEWAY + "door.Rooms",
                        Mutant.within("enter", "admin", "yesAlone"),
                        "/metrics"),
                mutant(
                        "a token opens what its scopes name",
                        COMMON + "http.Endpoints",
                        Mutant.nothing("requireScope"),
                        "/api/2.0/workspace"),
                mutant(
                        "a credential is for the workspace of the address",
                        GATEWAY + "access.Target",
                        Mutant.yes("admits"),
                        "/api/2.1/clusters/list"),
                mutant(
                        "the end of a token's secret counts",
                        IDENTITY + "credentials.Minted",
                        Mutant.yes("matches"),
                        "/api/2.0/token/list"),
                mutant(
                        "a token ends with its time",
                        IDENTITY + "authentication.AuthenticationService",
                        Mutant.yesWithin("lambda$found", "isAfter"),
                        "/api/2.0/token/list"),
                mutant(
                        "a token ends when it is taken back",
                        IDENTITY + "tokens.TokenService",
                        Mutant.nothing("deleteOwn"),
                        "/api/2.0/token/list"),
                mutant(
                        "one takes back one's own tokens only",
                        IDENTITY + "tokens.TokenService",
                        Advice.to(Bodies.ThirdIsNo.class)
                                .on(ElementMatchers.named("delete").and(ElementMatchers.takesArguments(3))),
                        "/api/2.0/token/delete"),
                mutant(
                        "IP access lists are kept",
                        COMMON + "net.AddressPolicy",
                        Mutant.yes("permits"),
                        "/api/2.0/token/list"),
                mutant(
                        "a cookie counts on our own pages only",
                        GATEWAY + "door.Origins",
                        Mutant.yes("allowsAmbient"),
                        "/api/2.0/token/create"),
                mutant(
                        "an internal token is for one service",
                        COMMON + "auth.InternalTokens",
                        Mutant.yesWithin("checked", "contains"),
                        "/api/2.0/token/list"),
                mutant(
                        "internal routes are for services",
                        COMMON + "http.Endpoints",
                        Mutant.within("authorize", "service", "aService"),
                        "/api/2.0/token/list"),
                mutant(
                        "a level on an object of the tree",
                        WORKSPACE + "objects.Tree",
                        Mutant.yesWithin("any", "includes"),
                        "/api/campanile/v1/objects"),
                mutant(
                        "an object of the tree is of its workspace",
                        WORKSPACE + "objects.ObjectStore",
                        Mutant.ofTenantA("locate", 3, 1),
                        "/api/campanile/v1/objects"),
                mutant(
                        "only who manages an object shares it",
                        COMMON + "permissions.PermissionTargets$Target",
                        Mutant.yes("managed"),
                        "/api/2.0/permissions/notebooks"),
                mutant(
                        "a level on a notebook, also on the socket",
                        NOTEBOOKS + "access.Permission",
                        Mutant.yes("allows"),
                        "/ws/v1"),
                mutant(
                        "a level on a cluster",
                        CLUSTERS + "ClusterPermission",
                        Mutant.yes("includes"),
                        "/api/2.1/clusters/edit"),
                mutant(
                        "a cluster is of its workspace",
                        CLUSTERS + "ClusterStore",
                        Mutant.ofTenantA("find", 2, 0),
                        "/api/2.1/clusters/get"),
                mutant(
                        "making clusters needs an entitlement",
                        COMMON + "auth.Rights",
                        Mutant.yes("entitled"),
                        "/api/2.1/clusters/create"),
                mutant(
                        "a cluster policy is of its workspace",
                        POLICIES + "PolicyStore",
                        Mutant.ofTenantA("find", 2, 0),
                        "/api/2.0/policies/clusters/get"),
                mutant(
                        "clusters are made by policies that one may use",
                        POLICIES + "PolicyService",
                        Mutant.yes("mayUse"),
                        "/api/2.1/clusters/create"),
                mutant(
                        "a budget is of its workspace",
                        COST + "BudgetStore",
                        Mutant.ofTenantA("find", 2, 0),
                        "/api/campanile/v1/budgets/"),
                mutant(
                        "a level on a secret scope",
                        WORKSPACE + "secrets.AclPermission",
                        Mutant.yes("includes"),
                        "/api/2.0/secrets"),
                mutant("a privilege on a volume", WORKSPACE + "volumes.Privilege", Mutant.yes("isIn"), "/api/2.0/fs"),
                mutant(
                        "an upload is its beginner's",
                        WORKSPACE + "files.UploadStore",
                        Mutant.within("find", "userId", "owner"),
                        "/api/campanile/v1/files/uploads"),
                mutant(
                        "a context is for whoever made it",
                        NOTEBOOKS + "commands.CommandContext",
                        Mutant.yes("belongsTo"),
                        "/api/1.2/contexts/status"),
                mutant(
                        "a cluster runs its owner's code alone",
                        NOTEBOOKS + "commands.ContextService",
                        Mutant.yes("owns"),
                        "/api/1.2/contexts/create"),
                mutant(
                        "a refusal is in the audit log",
                        COMMON + "audit.Audit",
                        Mutant.nothing("denied"),
                        "/api/2.1/clusters/edit"));
    }

    private static Mutant mutant(String rule, String type, AsmVisitorWrapper change, String affected) {
        Predicate<Row> rows = row -> row.path().startsWith(affected);
        return new Mutant(rule, type, change, rows);
    }
}
