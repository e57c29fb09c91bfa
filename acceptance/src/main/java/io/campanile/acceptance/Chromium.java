package io.campanile.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The distribution's Chromium, headless; everything it complains of on its console is kept. */
public final class Chromium implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
    private static final Path OUTPUT = Path.of(System.getProperty("campanile.output", "target/browser"));

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** The program, where the distribution puts it; empty when it is not installed. */
    public static Optional<Path> program() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    public static Chromium launch() {
        Path program = program()
                .orElseThrow(() ->
                        new IllegalStateException("Chromium is not installed (Debian: apt-get install chromium)"));
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** A new person's browser profile. */
    public BrowserContext profile(String url, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(url)
                .setColorScheme(scheme)
                .setViewportSize(1360, 860));
        context.setDefaultTimeout(30_000);
        context.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        context.onWebError(error -> complaints.add("uncaught: " + error.error()));
        return context;
    }

    /** Signs the administrator of the installation in, on the page as a person does. */
    public static void signIn(Page page, Installation installation) throws IOException {
        signIn(page, installation, "/");
    }

    /** The administrator, at an address of their own choice: another workspace's, say. */
    public static void signIn(Page page, Installation installation, String address) throws IOException {
        JsonNode admin = installation.admin();
        page.navigate(address);
        page.getByTestId("login-user").fill(admin.path("user").asText());
        page.getByTestId("login-password").fill(admin.path("password").asText());
        page.getByTestId("login-password").press("Enter");
        page.waitForURL(url -> !url.contains("/login"));
    }

    /** What pages wrote to their console as errors. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Keeps a picture of the page as build output. */
    public static void picture(Page page, String name) throws IOException {
        Files.createDirectories(OUTPUT);
        page.screenshot(new Page.ScreenshotOptions().setPath(OUTPUT.resolve(name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
