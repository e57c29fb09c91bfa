package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.settings.CreateTokenRequest;
import com.databricks.sdk.service.settings.CreateTokenResponse;
import com.databricks.sdk.service.settings.PublicTokenInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Creates tokens and deletes every third of them again. */
final class TokenWriter implements Writer {
    private static final String MARK = "crash test";
    /** A person may have only so many. */
    private static final int MOST = 200;

    private final Rest rest;
    private final String url;
    private final Deque<CreateTokenResponse> there = new ArrayDeque<>();
    private final Set<String> deleted = new LinkedHashSet<>();
    private int acknowledged;

    TokenWriter(Rest rest, String url) {
        this.rest = rest;
        this.url = url;
    }

    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public void write() throws Exception {
        if (acknowledged % 3 == 2 || there.size() == MOST) {
            String oldest = there.getFirst().getTokenInfo().getTokenId();
            rest.change(
                    "delete a token",
                    "RESOURCE_DOES_NOT_EXIST",
                    () -> rest.sdk().tokens().delete(oldest));
            deleted.add(oldest);
            there.removeFirst();
        } else {
            CreateTokenRequest request =
                    new CreateTokenRequest().setComment(MARK).setLifetimeSeconds(86_400L);
            there.addLast(rest.call("create a token", () -> rest.sdk().tokens().create(request)));
        }
        acknowledged++;
    }

    @Override
    public int acknowledged() {
        return acknowledged;
    }

    /** A creation whose answer was lost leaves a token that nobody knows: at most one for each time it was sent again. */
    @Override
    public void verify(boolean all) throws Exception {
        List<String> listed = rest.call("list tokens", () -> {
            List<String> ids = new ArrayList<>();
            for (PublicTokenInfo token : rest.sdk().tokens().list()) {
                if (MARK.equals(token.getComment())) {
                    ids.add(token.getTokenId());
                }
            }
            return ids;
        });
        List<String> known =
                there.stream().map(token -> token.getTokenInfo().getTokenId()).toList();
        assertThat(listed)
                .as("tokens")
                .doesNotHaveDuplicates()
                .containsAll(known)
                .doesNotContainAnyElementsOf(deleted);
        assertThat(listed.size() - known.size()).as("tokens nobody knows").isBetween(0, rest.repeated());
        CreateTokenResponse newest = there.getLast();
        Rest itself = new Rest(url, newest.getTokenValue(), new Patience());
        assertThat(itself.call("who am I", () -> itself.sdk().currentUser().me(new MeRequest()))
                        .getUserName())
                .as("the newest token opens the door")
                .isNotBlank();
    }
}
