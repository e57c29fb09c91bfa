package io.campanile.acceptance;

import com.databricks.sdk.service.iam.User;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A person whom an administrator made, with a browser profile of their own. */
final class Newcomer implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    static final String PASSWORD = "seven quiet herons 41";

    private final String userName;
    private final long userId;
    private final BrowserContext profile;
    private final Page page;

    private Newcomer(String userName, long userId, BrowserContext profile, Page page) {
        this.userName = userName;
        this.userId = userId;
        this.profile = profile;
        this.page = page;
    }

    /** Makes the user through the public API; the person signs in with the temporary password and chooses one. */
    static Newcomer arrive(Chromium chromium, Installation installation, Person admin, String userName, String name)
            throws Exception {
        User user = admin.sdk()
                .users()
                .create(new User().setUserName(userName).setDisplayName(name).setActive(true));
        HttpResponse<String> reset = HTTP.send(
                HttpRequest.newBuilder(URI.create(
                                installation.url() + "/api/campanile/v1/users/" + user.getId() + "/password-reset"))
                        .header("Cookie", admin.cookie())
                        .header("Origin", installation.url())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode answer = Installation.JSON.readTree(reset.body());
        BrowserContext profile = chromium.profile(installation.url(), ColorScheme.LIGHT);
        Page page = profile.newPage();
        firstSignIn(page, userName, answer.path("temporary_password").asText());
        return new Newcomer(userName, Long.parseLong(user.getId()), profile, page);
    }

    /** Signs in as a person does with a temporary password: the page asks for one of their own. */
    static void firstSignIn(Page page, String userName, String temporary) {
        page.navigate("/login");
        page.getByTestId("login-user").fill(userName);
        page.getByTestId("login-password").fill(temporary);
        page.getByTestId("login-password").press("Enter");
        page.locator("#login-new").fill(PASSWORD);
        page.locator("#login-again").fill(PASSWORD);
        page.locator("#login-again").press("Enter");
        page.waitForURL(url -> !url.contains("/login"));
    }

    String userName() {
        return userName;
    }

    long userId() {
        return userId;
    }

    Page page() {
        return page;
    }

    @Override
    public void close() {
        profile.close();
    }
}
