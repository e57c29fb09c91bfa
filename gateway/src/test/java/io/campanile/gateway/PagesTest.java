package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PagesTest {
    private static final String SCRIPT = "/assets/index-0a1b2c3d.js";

    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void addressesOfPagesGetTheApplication() {
        for (String path : new String[] {"/", "/login", "/browse/folders/12", "/editor/notebooks/7?cell=a"}) {
            HttpResponse<String> page = platform.get(path, "Accept", "text/html");
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body()).contains("<div id=\"root\">");
            assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .contains("default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                            + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
                            + "frame-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
                            + "frame-ancestors 'none'");
        }
        assertThat(platform.get("/explore/data/main/default/t.x", "Accept", "text/html")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void hashedFilesAreKeptForEverAndSentCompressed() {
        HttpResponse<String> plain = platform.get(SCRIPT);
        HttpResponse<String> packed = platform.get(SCRIPT, "Accept-Encoding", "br, gzip");
        HttpResponse<String> same = platform.get(
                SCRIPT, "If-None-Match", plain.headers().firstValue("ETag").orElseThrow());

        assertThat(plain.body()).contains("the application");
        assertThat(plain.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(plain.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length()).isLessThan(plain.body().length() / 4);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(platform.send("HEAD", SCRIPT, null).headers().firstValue("Content-Length"))
                .contains(Integer.toString(plain.body().length()));
    }

    @Test
    void whatIsNotThereIsNotListedAndNotThePage() {
        assertThat(platform.get("/assets/gone-00000000.js").statusCode()).isEqualTo(404);
        assertThat(platform.get("/assets").body()).doesNotContain("index-0a1b2c3d.js\n");
        assertThat(platform.get("/assets/").statusCode()).isEqualTo(404);
        assertThat(platform.get("/../logback.xml").statusCode()).isEqualTo(400);
        assertThat(platform.get("/io/campanile/gateway/GatewayServer.class").statusCode())
                .isEqualTo(404);
        assertThat(platform.post("/browse", "{}").statusCode()).isEqualTo(405);
    }
}
