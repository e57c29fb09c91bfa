package io.campanile.workspace.objects;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code workspace/list}, which has no pages: made page by page while it is sent. */
final class WholeListing implements Enumeration<InputStream> {
    private final ListingService listings;
    private final Caller caller;
    private final Located there;
    private final Instant from;
    private Page.@Nullable Key after;
    private boolean begun;
    private boolean any;
    private boolean ended;

    /** {@code from}: what is no folder is shown only when it changed then or later. */
    WholeListing(ListingService listings, Caller caller, Located there, Instant from) {
        this.listings = listings;
        this.caller = caller;
        this.there = there;
        this.from = from;
    }

    /** Reads the first page at once: what is refused is refused before anything is sent. */
    InputStream open() {
        return new SequenceInputStream(this);
    }

    @Override
    public boolean hasMoreElements() {
        return !ended;
    }

    @Override
    public InputStream nextElement() {
        StringBuilder text = new StringBuilder(begun ? "" : "{\"objects\":[");
        begun = true;
        Page<Located> page = there.object().isDirectory()
                ? listings.children(caller, there, after, Page.MOST)
                : new Page<>(List.of(there), null);
        for (Located located : page.entries()) {
            if (located.object().isDirectory() || !located.object().modifiedAt().isBefore(from)) {
                text.append(any ? "," : "").append(json(located));
                any = true;
            }
        }
        after = page.next();
        ended = after == null;
        return new ByteArrayInputStream(
                text.append(ended ? "]}" : "").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Located located) {
        try {
            return Json.MAPPER.writeValueAsString(WorkspaceRoutes.info(located));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
