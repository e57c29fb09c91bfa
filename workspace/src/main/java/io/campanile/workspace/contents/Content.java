package io.campanile.workspace.contents;

/** A content of a file: never changed, so that its number is as good as a digest. */
public record Content(long contentId, long size) {
    /** What HTTP calls it, without quotes. */
    public String etag() {
        return Long.toHexString(contentId) + "-" + Long.toHexString(size);
    }
}
