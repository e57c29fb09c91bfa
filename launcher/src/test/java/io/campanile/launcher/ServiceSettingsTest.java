package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceSettingsTest {
    @TempDir
    Path folder;

    @Test
    void theNamesOfAllSettingsAreThese() {
        assertThat(ServiceSettings.names(new DataDir(folder)).stream().filter(name -> !name.startsWith("CAMPANILE_")))
                .containsExactlyInAnyOrder(
                        "cluster-manager.cost.ahead",
                        "cluster-manager.cost.currency",
                        "cluster-manager.cost.prices",
                        "cluster-manager.cost.usage-kept",
                        "cluster-manager.dead-man",
                        "cluster-manager.libraries.most-bytes",
                        "cluster-manager.libraries.repository",
                        "cluster-manager.libraries.timeout",
                        "cluster-manager.isolation",
                        "cluster-manager.logs.cluster-bytes",
                        "cluster-manager.logs.keep",
                        "cluster-manager.logs.node-rate",
                        "cluster-manager.lost-after",
                        "cluster-manager.memory-wait",
                        "cluster-manager.orphan-age",
                        "cluster-manager.parked-kernels",
                        "cluster-manager.reconcile-every",
                        "cluster-manager.silent-after",
                        "cluster-manager.start-timeout",
                        "cluster-manager.stop-grace",
                        "cluster-manager.warm-pool",
                        "cluster-manager.workers.first-wait",
                        "cluster-manager.workers.idle",
                        "cluster-manager.workers.leave-wait",
                        "cluster-manager.workers.most",
                        "gateway.base-domains",
                        "gateway.body-limit",
                        "gateway.body-patience",
                        "gateway.body-rate",
                        "gateway.file-limit",
                        "gateway.hosts",
                        "gateway.import-limit",
                        "gateway.intake",
                        "gateway.listen-host",
                        "gateway.origins",
                        "gateway.recheck",
                        "gateway.requests-in-flight",
                        "gateway.sockets-per-credential",
                        "gateway.tls.certificate",
                        "gateway.tls.key",
                        "gateway.upstream-idle",
                        "identity.concurrent-hashes",
                        "identity.keep-deleted-workspaces",
                        "identity.logins-per-minute",
                        "identity.longest-token-life",
                        "identity.password-length",
                        "identity.session-idle",
                        "identity.session-life",
                        "identity.sso.admin-role",
                        "identity.sso.client-id",
                        "identity.sso.client-secret",
                        "identity.sso.grace",
                        "identity.sso.groups",
                        "identity.sso.issuer",
                        "identity.sso.name",
                        "identity.sso.password-sign-in",
                        "identity.sso.refresh-every",
                        "identity.sso.workspaces",
                        "identity.token-life",
                        "identity.tokens-per-user",
                        "notebook-service.attachment-limit",
                        "notebook-service.body-limit",
                        "notebook-service.commands.command-bytes",
                        "notebook-service.commands.contexts",
                        "notebook-service.commands.idle",
                        "notebook-service.commands.keep",
                        "notebook-service.commands.kernels",
                        "notebook-service.commands.of-user",
                        "notebook-service.commands.result-bytes",
                        "notebook-service.commands.result-rows",
                        "notebook-service.keep-runs",
                        "notebook-service.limits.of-notebook",
                        "notebook-service.limits.of-user",
                        "workspace.file-limit",
                        "workspace.git.allowed-hosts",
                        "workspace.git.file-limit",
                        "workspace.git.files",
                        "workspace.git.repository-limit",
                        "workspace.git.timeout",
                        "workspace.s3.access-key",
                        "workspace.s3.bucket",
                        "workspace.s3.endpoint",
                        "workspace.s3.prefix",
                        "workspace.s3.region",
                        "workspace.s3.secret-key",
                        "workspace.storage",
                        "workspace.transfers",
                        "workspace.upload-life");
    }

    @Test
    void theDefaultsAreThese() {
        ServiceSettings settings = ServiceSettings.load(new DataDir(folder), Map.of());
        // Follows from the heap: what callers send at the same time must fit into it several times.
        long intake = Math.max(20L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

        assertThat(settings.toString().replaceAll("([A-Za-z]+)Config\\[", "\n$1["))
                .isEqualTo("""
                ServiceSettings[identity=
                Identity[sessionIdle=PT24H, sessionLife=PT336H, keepDeletedWorkspaces=PT720H, tokenLife=PT2160H, longestTokenLife=PT17520H, \
                tokensPerUser=600, loginsPerMinute=10, passwordLength=12, concurrentHashes=2, sso=
                Sso[issuer=, name=Keycloak, clientId=campanile, clientSecret=****, groups=, adminRole=, workspaces=, \
                passwordSignIn=true, refreshEvery=PT5M, grace=PT1H]], workspace=
                Workspace[storage=folder, s3=S3Settings[bucket=, endpoint=, region=us-east-1, prefix=, \
                accessKey=****, secretKey=****], fileLimit=5368709120, transfers=64, uploadLife=PT24H, git=
                Git[allowedHosts=[], repositoryLimit=1073741824, fileLimit=104857600, files=10000, timeout=PT2M30S]], clusters=
                Cluster[warmPool=1, parkedKernels=1, reconcileEvery=PT2S, startTimeout=PT3M, memoryWait=PT2M, \
                silentAfter=PT15S, lostAfter=PT2M, stopGrace=PT10S, orphanAge=PT5M, deadMan=PT1H15M, workers=Workers[most=16, firstWait=PT1M, leaveWait=PT10M, idle=PT2M], cost=Cost[prices=, currency=USD, ahead=PT10M, usageKept=PT9600H], logs=Logs[clusterBytes=268435456, keep=PT720H, nodeRate=4194304], isolation=auto, libraries=Libraries[repository=https://repo1.maven.org/maven2/, mostBytes=1073741824, timeout=PT10M]], notebooks=
                Notebook[bodyLimit=115343360, attachmentLimit=10485760, \
                limits=Limits[ofNotebook=1000, ofUser=5000], keepRuns=PT720H, \
                commands=CommandLimits[contexts=1000, kernels=8, ofUser=2000, commandBytes=1048576, resultRows=10000, \
                resultBytes=8388608, idle=PT2H, keep=PT168H]], gateway=
                Gateway[listenHost=127.0.0.1, hosts=[], baseDomains=[localhost], origins=[], tls=Optional.empty, bodyLimit=10485760, \
                importLimit=139875668, fileLimit=5368709120, intake=%d, bodyPatience=PT10S, bodyRate=16384, upstreamIdle=PT3M, requestsInFlight=1000, socketsPerCredential=100, \
                recheck=PT2S]]""".formatted(intake));
    }

    @Test
    void aWrongSettingIsOneSentenceWithTheRemedy() throws Exception {
        Path file = Files.writeString(folder.resolve("campanile.properties"), "cluster-manager.warmpool = 0\n");

        assertThatThrownBy(() -> ServiceSettings.load(new DataDir(folder), Map.of()))
                .isInstanceOf(LaunchException.class)
                .hasMessage("Unknown setting cluster-manager.warmpool in " + file
                        + "; did you mean cluster-manager.warm-pool?");
        assertThatThrownBy(() -> ServiceSettings.load(
                        new DataDir(folder.resolve("other")), Map.of("CAMPANILE_GATEWAY_LISTEN_HOST", "0.0.0.0")))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("gateway.tls");
    }

    @Test
    void aProviderThatCannotBeTrustedOrIsHalfSetUpIsSaidByName() {
        Map<String, String> messages = Map.of(
                "http://id.example.com/realms/x", "identity.sso.issuer must be an https address",
                "nonsense", "identity.sso.issuer must be an https address",
                "https://id.example.com/realms/x", "identity.sso.client-secret must be set together");
        messages.forEach((issuer, message) -> assertRefused(Map.of("CAMPANILE_IDENTITY_SSO_ISSUER", issuer), message));
        assertRefused(Map.of("CAMPANILE_IDENTITY_SSO_CLIENT_SECRET", "x"), "identity.sso.issuer must be set before");
        assertRefused(Map.of("CAMPANILE_IDENTITY_SSO_GROUPS", "a = b"), "identity.sso.groups must read");
        assertRefused(Map.of("CAMPANILE_IDENTITY_SSO_GROUPS", "a -> Users"), "everybody of a workspace is in it");
        assertRefused(Map.of("CAMPANILE_IDENTITY_SSO_WORKSPACES", "a -> b, /a -> c"), "names /a twice");
        assertThat(ServiceSettings.load(
                                new DataDir(folder),
                                Map.of(
                                        "CAMPANILE_IDENTITY_SSO_ISSUER", "http://127.0.0.1:8080/realms/x",
                                        "CAMPANILE_IDENTITY_SSO_CLIENT_SECRET", "a secret",
                                        "CAMPANILE_IDENTITY_SSO_GROUPS", "a -> b, /c/d -> E f"))
                        .identity()
                        .sso()
                        .on())
                .isTrue();
    }

    private void assertRefused(Map<String, String> environment, String message) {
        assertThatThrownBy(() -> ServiceSettings.load(new DataDir(folder), environment))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("a secret");
    }
}
