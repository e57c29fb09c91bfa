package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.iam.ComplexValue;
import com.databricks.sdk.service.iam.Group;
import io.campanile.common.auth.Rights;
import io.campanile.identity.people.RightsStore.Holder;
import io.campanile.identity.testing.DirectoryFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from groups in groups, for many people of several workspaces at once. */
final class RightsStoreTest {
    @TempDir
    Path dataDir;

    @Test
    void rightsComeThroughGroupsAndStayInTheirWorkspace() throws Exception {
        try (DirectoryFixture platform = new DirectoryFixture(dataDir)) {
            var groups = platform.sdk(platform.admin).groups();
            Group inner = groups.create(new Group()
                    .setDisplayName("inner")
                    .setMembers(List.of(new ComplexValue().setValue(Long.toString(platform.user.userId())))));
            Group outer = groups.create(new Group()
                    .setDisplayName("outer")
                    .setEntitlements(List.of(new ComplexValue().setValue("allow-cluster-create")))
                    .setMembers(List.of(new ComplexValue().setValue(inner.getId()))));
            Holder bob = new Holder(platform.user.workspaceId(), platform.user.userId(), false);
            Holder admin = new Holder(platform.admin.workspaceId(), platform.admin.userId(), true);
            // The worst case: the same person's number asked about in a workspace that does not have them.
            Holder stranger = new Holder(platform.otherUser.workspaceId(), platform.user.userId(), false);

            Map<Holder, Rights> rights =
                    platform.database(db -> new RightsStore(db).of(List.of(bob, admin, stranger, bob)));

            assertThat(rights).hasSize(3);
            assertThat(of(rights, bob).groups()).contains(Long.valueOf(inner.getId()), Long.valueOf(outer.getId()));
            assertThat(of(rights, bob).entitlements())
                    .containsExactlyInAnyOrder("allow-cluster-create", "workspace-access", "databricks-sql-access");
            assertThat(of(rights, bob).admin()).isFalse();
            assertThat(of(rights, admin).admin()).isTrue();
            assertThat(of(rights, admin).accountAdmin()).isTrue();
            assertThat(of(rights, admin).groups()).doesNotContain(Long.valueOf(inner.getId()));
            assertThat(of(rights, stranger).groups()).hasSize(1).doesNotContain(Long.valueOf(inner.getId()));
            assertThat(of(rights, bob).fingerprint())
                    .isNotEqualTo(of(rights, admin).fingerprint())
                    .isEqualTo(platform.database(db -> new RightsStore(db).of(bob.workspaceId(), bob.userId(), false))
                            .fingerprint());
        }
    }

    private static Rights of(Map<Holder, Rights> rights, Holder holder) {
        return requireNonNull(rights.get(holder));
    }
}
