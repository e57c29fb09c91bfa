package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceAlreadyExists;
import com.databricks.sdk.service.settings.CreateIpAccessList;
import com.databricks.sdk.service.settings.IpAccessListInfo;
import com.databricks.sdk.service.settings.ListType;
import com.databricks.sdk.service.settings.ReplaceIpAccessList;
import com.databricks.sdk.service.settings.UpdateIpAccessList;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of addresses through the unmodified client library. The test itself is at 127.0.0.1, a stranger at 127.0.0.9. */
final class AddressListsTest {
    private static final String STRANGER = "127.0.0.9";

    @TempDir
    Path dataDir;

    private GatewayFixture platform;
    private WorkspaceClient admin;

    @BeforeEach
    void start() throws Exception {
        platform = new GatewayFixture(dataDir);
        admin = client(platform.token);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void listsAreMadeReadChangedAndDeleted() {
        IpAccessListInfo made = create("office", ListType.ALLOW, "192.0.2.0/24", "2001:db8::/32");

        assertThat(made.getAddressCount()).isEqualTo(2);
        assertThat(made.getEnabled()).isTrue();
        assertThat(admin.ipAccessLists().get(made.getListId()).getIpAccessList())
                .isEqualTo(made);
        admin.ipAccessLists()
                .update(new UpdateIpAccessList()
                        .setIpAccessListId(made.getListId())
                        .setEnabled(false));
        assertThat(only().getEnabled()).isFalse();
        assertThat(only().getIpAddresses()).containsExactly("192.0.2.0/24", "2001:db8::/32");
        admin.ipAccessLists()
                .replace(new ReplaceIpAccessList()
                        .setIpAccessListId(made.getListId())
                        .setLabel("home")
                        .setListType(ListType.BLOCK)
                        .setIpAddresses(List.of("198.51.100.7"))
                        .setEnabled(true));
        assertThat(only().getLabel()).isEqualTo("home");
        assertThat(only().getListType()).isEqualTo(ListType.BLOCK);

        admin.ipAccessLists().delete(made.getListId());

        assertThat(admin.ipAccessLists().list()).isEmpty();
        assertThatThrownBy(() -> admin.ipAccessLists().get(made.getListId())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> admin.ipAccessLists().delete(made.getListId())).isInstanceOf(NotFound.class);
    }

    @Test
    void wrongListsAreRefusedWithTheField() {
        for (String wrong : List.of(
                "example.com",
                "1.2.3",
                "1.2.3.4/33",
                "1.2.3.4/24",
                "2001:db8::1/32",
                "::/129",
                "0x7f.0.0.1",
                "1.2.3.4/",
                "")) {
            assertThatThrownBy(() -> create("x", ListType.ALLOW, wrong))
                    .as(wrong)
                    .isInstanceOf(BadRequest.class)
                    .hasMessageContaining("ip_addresses");
        }
        create("taken", ListType.ALLOW, "192.0.2.1");
        assertThatThrownBy(() -> create("taken", ListType.ALLOW, "192.0.2.2"))
                .isInstanceOf(ResourceAlreadyExists.class);
        assertThatThrownBy(() -> admin.ipAccessLists().create(new CreateIpAccessList().setLabel("x")))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("list_type");
    }

    @Test
    void aStrangersRequestsAndSocketsEndWithinFiveSeconds() throws Exception {
        assertThat(statusFrom(STRANGER)).isEqualTo(200);
        try (Socket socket = open(STRANGER)) {
            socket.setSoTimeout(6_000);
            write(
                    socket,
                    "GET /ws/v1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + platform.bearer()
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(line(socket)).contains("101");
            readHead(socket);

            create("here", ListType.ALLOW, "127.0.0.1/32");
            admin.workspaceConf().setStatus(Map.of("enableIpAccessLists", "true"));

            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> statusFrom(STRANGER) == 403);
            assertThat(socket.getInputStream().read() & 0x0f)
                    .as("a close frame")
                    .isEqualTo(8);
        }
        assertThat(statusFrom("127.0.0.1")).isEqualTo(200);
        String login = "{\"user\":\"" + GatewayFixture.USER + "\",\"password\":\"" + GatewayFixture.PASSWORD + "\"}";
        assertThat(postFrom(STRANGER, "/api/campanile/v1/login", login)).isEqualTo(403);
        assertThat(postFrom("127.0.0.1", "/api/campanile/v1/login", login)).isEqualTo(200);

        admin.workspaceConf().setStatus(Map.of("enableIpAccessLists", "false"));
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> statusFrom(STRANGER) == 200);
    }

    @Test
    void nobodyShutsThemselvesOut() {
        admin.workspaceConf().setStatus(Map.of("enableIpAccessLists", "true"));
        assertThatThrownBy(() -> create("elsewhere", ListType.ALLOW, "192.0.2.0/24"))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("127.0.0.1");
        assertThatThrownBy(() -> create("here", ListType.BLOCK, "127.0.0.0/8")).isInstanceOf(BadRequest.class);
        assertThat(admin.ipAccessLists().list()).isEmpty();

        IpAccessListInfo here = create("here", ListType.ALLOW, "127.0.0.1");
        create("elsewhere", ListType.ALLOW, "192.0.2.0/24");
        assertThatThrownBy(() -> admin.ipAccessLists().delete(here.getListId())).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> admin.ipAccessLists()
                        .update(new UpdateIpAccessList()
                                .setIpAccessListId(here.getListId())
                                .setEnabled(false)))
                .isInstanceOf(BadRequest.class);

        admin.workspaceConf().setStatus(Map.of("enableIpAccessLists", "false"));
        admin.ipAccessLists().delete(here.getListId());
        assertThatThrownBy(() -> admin.workspaceConf().setStatus(Map.of("enableIpAccessLists", "true")))
                .isInstanceOf(BadRequest.class);
        assertThat(admin.workspaceConf().getStatus("enableIpAccessLists"))
                .isEqualTo(Map.of("enableIpAccessLists", "false"));
    }

    @Test
    void anotherWorkspaceIsNeitherSeenNorTouched() {
        IpAccessListInfo mine = create("mine", ListType.BLOCK, "192.0.2.1");
        JsonNode other = platform.internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com"));
        WorkspaceClient eve = client(other.path("token").asText());
        JsonNode made = platform.internal(
                "/internal/users", Map.of("workspace_id", platform.workspaceId, "user", "bob@example.com"));

        assertThat(eve.ipAccessLists().list()).isEmpty();
        assertThatThrownBy(() -> eve.ipAccessLists().get(mine.getListId())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> eve.ipAccessLists().delete(mine.getListId())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> client(made.path("token").asText())
                        .ipAccessLists()
                        .list()
                        .iterator()
                        .hasNext())
                .isInstanceOf(PermissionDenied.class);
    }

    private IpAccessListInfo create(String label, ListType type, String... addresses) {
        return admin.ipAccessLists()
                .create(new CreateIpAccessList()
                        .setLabel(label)
                        .setListType(type)
                        .setIpAddresses(List.of(addresses)))
                .getIpAccessList();
    }

    private IpAccessListInfo only() {
        return admin.ipAccessLists().list().iterator().next();
    }

    private int statusFrom(String address) throws IOException {
        return ask(
                address,
                "GET /api/campanile/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + platform.bearer()
                        + "\r\nConnection: close\r\n\r\n");
    }

    private int postFrom(String address, String path, String json) throws IOException {
        return ask(
                address,
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.length() + "\r\nConnection: close\r\n\r\n" + json);
    }

    private int ask(String address, String request) throws IOException {
        try (Socket socket = open(address)) {
            socket.setSoTimeout(10_000);
            write(socket, request);
            return Integer.parseInt(line(socket).split(" ", -1)[1]);
        }
    }

    private Socket open(String address) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), platform.gateway.port(), InetAddress.getByName(address), 0);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void readHead(Socket socket) throws IOException {
        while (!line(socket).isEmpty()) {
            // Up to the blank line.
        }
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private WorkspaceClient client(String token) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setToken(token)
                .setAuthType("pat"));
    }
}
