package io.campanile.cli.login;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Discovery;
import io.campanile.cli.session.OAuthTokens;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Authorization code with PKCE (RFC 7636): the browser comes back to a port of this machine (RFC 8252). */
final class BrowserSignIn {
    private static final int PORT = 8020;
    private static final int MINUTES = 5;

    private final Session session;
    private final ApiClient nobody;
    private final SecureRandom random = new SecureRandom();

    BrowserSignIn(Session session, ApiClient nobody) {
        this.session = session;
        this.nobody = nobody;
    }

    OAuthTokens signIn() {
        Discovery server = Discovery.of(nobody);
        if (!server.offersBrowser()) {
            throw CliFailure.failed("The server at " + nobody.host().url() + " offers no sign-in through the browser.\n"
                    + "Sign in with a password instead: campanile login --host "
                    + nobody.host().url());
        }
        String verifier = secret();
        String state = secret();
        CompletableFuture<String> code = new CompletableFuture<>();
        HttpServer listener = listen(state, code);
        String redirect = "http://localhost:" + PORT;
        try {
            URI page = page(server, redirect, state, verifier);
            session.terminal().err().println("Sign in on this page:\n  " + page);
            if (!session.machine().browser().test(page)) {
                session.terminal().err().println("No browser could be started here; open the page by hand.");
            }
            return exchange(server, await(code), redirect, verifier);
        } finally {
            // Long enough for the browser to get its last page.
            listener.stop(1);
        }
    }

    private static URI page(Discovery server, String redirect, String state, String verifier) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", OAuthTokens.CLIENT);
        query.put("redirect_uri", redirect);
        query.put("scope", "all-apis offline_access");
        query.put("state", state);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        return URI.create(server.authorization() + "?" + Call.encoded(query));
    }

    private OAuthTokens exchange(Discovery server, String code, String redirect, String verifier) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", OAuthTokens.CLIENT);
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        return OAuthTokens.of(
                nobody.json(Call.form(server.tokenPath(), form)),
                "",
                session.machine().clock());
    }

    private static HttpServer listen(String state, CompletableFuture<String> code) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 4);
            server.createContext("/", exchange -> answer(exchange, state, code));
            server.start();
            return server;
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.FAILURE,
                    "Port " + PORT + " of this machine is taken, and the browser must come back to it.\n"
                            + "End what uses it (another 'campanile login --browser'?) or sign in with a password.",
                    e);
        }
    }

    private static void answer(HttpExchange exchange, String state, CompletableFuture<String> code) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI());
        boolean ours = exchange.getRequestURI().getPath().equals("/")
                && MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8),
                        query.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8));
        if (!ours) {
            // Icons that the browser asks for, or somebody who does not know the state: the wait goes on.
            send(exchange, 404, "Not found.");
            return;
        }
        if (query.containsKey("code")) {
            send(exchange, 200, "You are signed in. This page can be closed; the terminal goes on.");
            code.complete(query.getOrDefault("code", ""));
            return;
        }
        send(exchange, 200, "The sign-in was refused. This page can be closed; the terminal says why.");
        String why = query.getOrDefault("error_description", query.getOrDefault("error", "no code came back"));
        code.completeExceptionally(new CliFailure(ExitCode.REFUSED, "The sign-in was refused: " + why));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static String await(CompletableFuture<String> code) {
        try {
            return code.get(MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new CliFailure(ExitCode.REFUSED, "Nobody signed in within " + MINUTES + " minutes.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CliFailure refused
                    ? refused
                    : new CliFailure(ExitCode.FAILURE, "The sign-in failed.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.FAILURE, "The sign-in was interrupted.", e);
        }
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
