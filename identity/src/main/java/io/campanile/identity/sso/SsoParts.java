package io.campanile.identity.sso;

import io.campanile.common.http.Endpoints;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.scim.FederationService;
import io.campanile.identity.sessions.SessionService;
import io.campanile.identity.settings.AddressListService;
import java.time.Clock;

/** Sign-in through a provider, put together in the order its parts need each other. */
public final class SsoParts {
    /** Begun sign-ins a minute from one address; a proxy in front is one address for everybody. */
    private static final int STARTS_PER_MINUTE = 300;

    private final SsoConfig config;
    private final ProviderClient provider;
    private final IdTokens tokens;
    private final SsoStore store;
    private final FederationService members;
    private final Federation federation;
    private final SsoSessionService sessions;
    private final Clock clock;

    public SsoParts(SsoConfig config, SsoStore store, FederationService members, Clock clock) {
        this.config = config;
        this.store = store;
        this.members = members;
        this.clock = clock;
        provider = new ProviderClient(config, clock);
        tokens = new IdTokens(provider, config, clock);
        federation = new Federation(config, members);
        sessions = new SsoSessionService(config, provider, tokens, store, federation, clock);
    }

    public SsoSessionService sessions() {
        return sessions;
    }

    public void mount(Endpoints api, SessionService opened, AddressListService addresses) {
        SsoService signIn = new SsoService(
                config,
                provider,
                tokens,
                store,
                new SsoService.People(federation, addresses, opened),
                sessions,
                new LoginLimits(STARTS_PER_MINUTE, clock),
                clock);
        new SsoRoutes(config, signIn, sessions, members).mount(api);
    }
}
