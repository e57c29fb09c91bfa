package io.campanile.gateway.pages;

import io.vertx.ext.web.RoutingContext;

/** The page at an address that is no workspace's. */
public final class NoWorkspace {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>No workspace here</title>
            <style>body { font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 36rem; padding: 0 1rem }</style>
            </head>
            <body>
            <main>
            <h1>There is no workspace at this address</h1>
            <p>Check the first part of the address, or ask the person who gave it to you.</p>
            </main>
            </body>
            </html>
            """;

    private NoWorkspace() {}

    public static void serve(RoutingContext context) {
        context.request().resume();
        context.response()
                .setStatusCode(404)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(PAGE);
    }
}
