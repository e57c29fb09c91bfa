package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ADMIN;
import static io.campanile.workspace.FilesFixture.ALICE;
import static io.campanile.workspace.FilesFixture.BOB;
import static io.campanile.workspace.FilesFixture.STRANGER;
import static io.campanile.workspace.FilesFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.catalog.CatalogInfo;
import com.databricks.sdk.service.catalog.CreateVolumeRequestContent;
import com.databricks.sdk.service.catalog.ListSchemasRequest;
import com.databricks.sdk.service.catalog.ListVolumesRequest;
import com.databricks.sdk.service.catalog.PermissionsChange;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.UpdatePermissions;
import com.databricks.sdk.service.catalog.UpdateVolumeRequestContent;
import com.databricks.sdk.service.catalog.VolumeInfo;
import com.databricks.sdk.service.catalog.VolumeType;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Volumes, grants, the one catalog and the one schema, through the unmodified SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VolumesApiTest {
    private FilesFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new FilesFixture(dataDir, WorkspaceConfig.defaults());
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void aVolumeIsMadeReadRenamedAndDeleted() throws Exception {
        VolumeInfo made = it.volume(ALICE, "Life");
        it.upload(ALICE, "/Volumes/main/default/life/f", "x", false);

        assertThat(made.getFullName()).isEqualTo("main.default.life");
        assertThat(made.getOwner()).isEqualTo("alice@example.com");
        assertThat(made.getVolumeType()).isEqualTo(VolumeType.MANAGED);
        assertThat(it.api(ALICE).volumes().read("main.default.LIFE").getVolumeId())
                .isEqualTo(made.getVolumeId());
        refused(() -> it.volume(BOB, "life"), 409, "RESOURCE_ALREADY_EXISTS");
        VolumeInfo renamed = it.api(ALICE)
                .volumes()
                .update(new UpdateVolumeRequestContent()
                        .setName("main.default.life")
                        .setNewName("life2")
                        .setComment("said"));
        assertThat(renamed.getVolumeId()).isEqualTo(made.getVolumeId());
        assertThat(renamed.getComment()).isEqualTo("said");
        assertThat(it.download(ALICE, "/Volumes/main/default/life2/f")).isEqualTo("x");
        refused(() -> it.download(ALICE, "/Volumes/main/default/life/f"), 404, "RESOURCE_DOES_NOT_EXIST");
        it.api(ALICE).volumes().delete("main.default.life2");
        refused(() -> it.api(ALICE).volumes().read("main.default.life2"), 404, "RESOURCE_DOES_NOT_EXIST");
        it.volume(ALICE, "life2");
        refused(() -> it.download(ALICE, "/Volumes/main/default/life2/f"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void whatIsWrongIsSaid() {
        it.volume(ALICE, "taken");
        it.volume(ALICE, "other");

        refused(() -> rename(ALICE, "other", "TAKEN"), 409, "RESOURCE_ALREADY_EXISTS");
        refused(() -> it.volume(ALICE, "a.b"), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining("name");
        refused(() -> it.volume(ALICE, ".."), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining("name");
        refused(() -> it.volume(ALICE, "x".repeat(256)), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).volumes().read("main.default"), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).volumes().read("main.default.none"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).volumes().read("main.other.none"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                        () -> it.api(ALICE)
                                .volumes()
                                .create(new CreateVolumeRequestContent()
                                        .setCatalogName("main")
                                        .setSchemaName("default")
                                        .setName("outside")
                                        .setStorageLocation("s3://elsewhere")
                                        .setVolumeType(VolumeType.EXTERNAL)),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("external volumes are not supported");
    }

    @Test
    void grantsOpenAVolumeAndCloseItAgain() throws Exception {
        it.volume(ALICE, "granted");
        it.upload(ALICE, "/Volumes/main/default/granted/f", "x", false);
        refused(() -> it.api(BOB).volumes().read("main.default.granted"), 403, "PERMISSION_DENIED");
        refused(() -> grant(BOB, "granted", "bob@example.com", List.of(Privilege.MANAGE)), 403, "PERMISSION_DENIED");

        grant(ALICE, "granted", "analysts", List.of(Privilege.READ_VOLUME));
        assertThat(it.download(BOB, "/Volumes/main/default/granted/f")).isEqualTo("x");
        refused(() -> it.upload(BOB, "/Volumes/main/default/granted/g", "x", false), 403, "PERMISSION_DENIED");
        grant(ALICE, "granted", "bob@example.com", List.of(Privilege.WRITE_VOLUME, Privilege.READ_VOLUME));
        it.upload(BOB, "/Volumes/main/default/granted/g", "x", false);
        refused(() -> rename(BOB, "granted", "bobs"), 403, "PERMISSION_DENIED");
        grant(ALICE, "granted", "account users", List.of(Privilege.MANAGE, Privilege.ALL_PRIVILEGES));

        assertThat(grants(BOB, "granted"))
                .containsExactly(
                        "bob@example.com [READ_VOLUME, WRITE_VOLUME]",
                        "analysts [READ_VOLUME]",
                        "users [ALL_PRIVILEGES, MANAGE]");
        rename(BOB, "granted", "granted");
        for (String who : List.of("bob@example.com", "analysts", "users")) {
            it.api(ALICE)
                    .grants()
                    .update(new UpdatePermissions()
                            .setSecurableType("volume")
                            .setFullName("main.default.granted")
                            .setChanges(List.of(new PermissionsChange()
                                    .setPrincipal(who)
                                    .setRemove(List.of(
                                            Privilege.READ_VOLUME,
                                            Privilege.WRITE_VOLUME,
                                            Privilege.MANAGE,
                                            Privilege.ALL_PRIVILEGES)))));
        }
        refused(() -> it.download(BOB, "/Volumes/main/default/granted/f"), 403, "PERMISSION_DENIED");
        refused(
                        () -> grant(ALICE, "granted", "nobody@example.com", List.of(Privilege.MANAGE)),
                        404,
                        "RESOURCE_DOES_NOT_EXIST")
                .hasMessageContaining("nobody@example.com");
        refused(() -> grant(ALICE, "granted", "analysts", List.of(Privilege.SELECT)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("SELECT");
        assertThat(it.download(ADMIN, "/Volumes/main/default/granted/f")).isEqualTo("x");
    }

    @Test
    void aVolumeGoesToAnotherOwner() {
        it.volume(ALICE, "given");

        it.api(ALICE)
                .volumes()
                .update(new UpdateVolumeRequestContent()
                        .setName("main.default.given")
                        .setOwner("analysts"));

        refused(() -> it.api(ALICE).volumes().delete("main.default.given"), 403, "PERMISSION_DENIED");
        assertThat(it.api(BOB).volumes().read("main.default.given").getOwner()).isEqualTo("analysts");
        it.api(BOB).volumes().delete("main.default.given");
    }

    @Test
    void listsHavePagesOfWhatTheCallerMaySee() {
        for (int i = 0; i < 5; i++) {
            it.volume(ADMIN, "page" + i);
        }
        grant(ADMIN, "page3", "bob@example.com", List.of(Privilege.READ_VOLUME));

        assertThat(names(ADMIN, 2))
                .contains("page0", "page1", "page2", "page3", "page4")
                .doesNotHaveDuplicates();
        assertThat(names(BOB, 1000)).containsExactly("page3");
        assertThat(names(STRANGER, 1000)).isEmpty();
        refused(() -> it.api(STRANGER).volumes().read("main.default.page3"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(STRANGER).volumes().delete("main.default.page3"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> grants(STRANGER, "page3"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void thereIsOneCatalogWithOneSchema() {
        List<String> catalogs = new ArrayList<>();
        it.api(BOB)
                .catalogs()
                .list(new com.databricks.sdk.service.catalog.ListCatalogsRequest())
                .forEach((CatalogInfo catalog) -> catalogs.add(catalog.getName()));
        List<String> schemas = new ArrayList<>();
        it.api(BOB)
                .schemas()
                .list(new ListSchemasRequest().setCatalogName("main"))
                .forEach(schema -> schemas.add(schema.getFullName()));

        assertThat(catalogs).containsExactly("main");
        assertThat(schemas).containsExactly("main.default");
        assertThat(it.api(BOB).catalogs().get("main").getFullName()).isEqualTo("main");
        assertThat(it.api(BOB).schemas().get("main.default").getCatalogName()).isEqualTo("main");
        refused(() -> it.api(BOB).catalogs().get("other"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(BOB).schemas().get("main.other"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    private List<String> names(Caller caller, long page) {
        List<String> names = new ArrayList<>();
        it.api(caller)
                .volumes()
                .list(new ListVolumesRequest()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setMaxResults(page))
                .forEach(volume -> names.add(volume.getName()));
        return names;
    }

    private List<String> grants(Caller caller, String volume) {
        return it.api(caller).grants().get("volume", "main.default." + volume).getPrivilegeAssignments().stream()
                .map(one -> one.getPrincipal() + " "
                        + one.getPrivileges().stream().map(Enum::name).sorted().toList())
                .toList();
    }

    private void grant(Caller caller, String volume, String principal, List<Privilege> privileges) {
        it.api(caller)
                .grants()
                .update(new UpdatePermissions()
                        .setSecurableType("volume")
                        .setFullName("main.default." + volume)
                        .setChanges(List.of(
                                new PermissionsChange().setPrincipal(principal).setAdd(privileges))));
    }

    private void rename(Caller caller, String volume, String name) {
        it.api(caller)
                .volumes()
                .update(new UpdateVolumeRequestContent()
                        .setName("main.default." + volume)
                        .setNewName(name));
    }
}
