package io.campanile.gateway.pages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Reads files of the web application from the class path folder {@code /web}. Blocking. */
public final class PageFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("woff", "font/woff"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final String folder;

    public PageFiles(String folder) {
        this.folder = folder;
    }

    /** {@code path}: from the root, already checked to be a plain file name with folders. */
    Optional<PageFile> read(String path) {
        byte[] plain = bytes(path);
        if (plain.length == 0) {
            return Optional.empty();
        }
        String type = TYPES.getOrDefault(
                path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT), "application/octet-stream");
        byte[] gzip = bytes(path + ".gz");
        if (gzip.length == 0 && compressible(type)) {
            gzip = gzip(plain);
        }
        return Optional.of(new PageFile(
                type, etag(plain), plain, gzip.length < plain.length ? gzip : new byte[0], bytes(path + ".br")));
    }

    /** Empty when there is no such file. */
    private byte[] bytes(String path) {
        try (InputStream file = PageFiles.class.getResourceAsStream(folder + path)) {
            return file == null ? new byte[0] : file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean compressible(String type) {
        return type.startsWith("text/")
                || type.contains("json")
                || type.contains("svg")
                || type.endsWith("wasm")
                || type.endsWith("ttf");
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 3 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static String etag(byte[] plain) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
            return "\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
