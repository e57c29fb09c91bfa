package io.campanile.gateway.pages;

import org.jspecify.annotations.Nullable;

/** One file with the compressed forms that are worth sending; an empty form is not there. */
record PageFile(String type, String etag, byte[] plain, byte[] gzip, byte[] brotli) {
    /** A form and its Content-Encoding; empty for the plain one. */
    record Coded(String encoding, byte[] bytes) {}

    Coded coded(@Nullable String accepted) {
        if (brotli.length > 0 && accepts(accepted, "br")) {
            return new Coded("br", brotli);
        }
        if (gzip.length > 0 && accepts(accepted, "gzip")) {
            return new Coded("gzip", gzip);
        }
        return new Coded("", plain);
    }

    int weight() {
        return plain.length + gzip.length + brotli.length + 200;
    }

    private static boolean accepts(@Nullable String accepted, String encoding) {
        if (accepted == null) {
            return false;
        }
        for (String part : accepted.split(",", -1)) {
            String[] pieces = part.strip().split(";", 2);
            boolean refused = pieces.length > 1 && pieces[1].replace(" ", "").matches("q=0(\\.0*)?");
            if (pieces[0].strip().equalsIgnoreCase(encoding)) {
                return !refused;
            }
        }
        return false;
    }
}
