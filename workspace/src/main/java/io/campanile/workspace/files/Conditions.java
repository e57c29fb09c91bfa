package io.campanile.workspace.files;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.Expected;
import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditional headers of HTTP (RFC 9110, section 13). */
public final class Conditions {
    private static final String ANY = "*";

    private Conditions() {}

    /** Refuses with 412 what is not as the request expects; true when the answer is 304. */
    public static boolean unchanged(HttpServerRequest request, Blob blob) {
        @Nullable String match = request.getHeader("If-Match");
        if (match != null) {
            if (!names(match, blob)) {
                throw failed(blob);
            }
        } else if (date(request, "If-Unmodified-Since")
                .filter(seconds(blob)::isAfter)
                .isPresent()) {
            throw failed(blob);
        }
        @Nullable String none = request.getHeader("If-None-Match");
        if (none != null) {
            return names(none, blob);
        }
        return date(request, "If-Modified-Since")
                .filter(date -> !seconds(blob).isAfter(date))
                .isPresent();
    }

    /** Whether a Range is still one of the file the client has the other parts of. */
    public static boolean rangeApplies(HttpServerRequest request, Blob blob) {
        @Nullable String same = request.getHeader("If-Range");
        return same == null || same.equals(quoted(blob)) || same.equals(lastModified(blob));
    }

    /** What a write or deletion expects; {@code overwrite} where no header says. */
    public static Expected expected(HttpServerRequest request, boolean overwrite) {
        @Nullable String match = request.getHeader("If-Match");
        if (match != null && !match.strip().equals(ANY)) {
            return new Expected.Tagged(bare(match));
        }
        @Nullable String none = request.getHeader("If-None-Match");
        if (none != null && !none.strip().equals(ANY)) {
            throw ApiException.invalid("If-None-Match must be * for a write");
        }
        return none != null || !overwrite && match == null ? Expected.NOTHING : Expected.ANYTHING;
    }

    public static String quoted(Blob blob) {
        return "\"" + blob.etag() + "\"";
    }

    public static String lastModified(Blob blob) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(seconds(blob).atOffset(ZoneOffset.UTC));
    }

    private static boolean names(String header, Blob blob) {
        return header.strip().equals(ANY)
                || Arrays.stream(header.split(",")).map(Conditions::bare).anyMatch(blob.etag()::equals);
    }

    private static String bare(String etag) {
        String strong = etag.strip().startsWith("W/") ? etag.strip().substring(2) : etag.strip();
        return strong.replace("\"", "");
    }

    /** The header has no fractions of a second. */
    private static Instant seconds(Blob blob) {
        return blob.modifiedAt().truncatedTo(ChronoUnit.SECONDS);
    }

    /** A date that cannot be read does not count. */
    private static Optional<Instant> date(HttpServerRequest request, String header) {
        @Nullable String text = request.getHeader(header);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static ApiException failed(Blob blob) {
        return new ApiException(
                ErrorCode.PRECONDITION_FAILED, "The file " + blob.path() + " is not the one that was expected");
    }
}
