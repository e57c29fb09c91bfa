package io.campanile.gateway;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.concurrent.Intake;
import io.campanile.common.http.Streams;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.gateway.access.Authenticator;
import io.campanile.gateway.access.SessionCookie;
import io.campanile.gateway.access.SignInCookie;
import io.campanile.gateway.access.Tenancy;
import io.campanile.gateway.answers.Cuts;
import io.campanile.gateway.door.Denials;
import io.campanile.gateway.door.Door;
import io.campanile.gateway.door.Entrance;
import io.campanile.gateway.door.HostNames;
import io.campanile.gateway.door.Origins;
import io.campanile.gateway.door.Rooms;
import io.campanile.gateway.own.DiscoveryRoutes;
import io.campanile.gateway.own.OAuthRoutes;
import io.campanile.gateway.own.OperationsRoutes;
import io.campanile.gateway.own.OwnRoutes;
import io.campanile.gateway.own.SignInRoutes;
import io.campanile.gateway.own.SsoRoutes;
import io.campanile.gateway.pages.PageFiles;
import io.campanile.gateway.pages.StaticPages;
import io.campanile.gateway.proxy.Forwarded;
import io.campanile.gateway.proxy.HttpProxy;
import io.campanile.gateway.proxy.OpenSockets;
import io.campanile.gateway.proxy.Pace;
import io.campanile.gateway.proxy.RouteTable;
import io.campanile.gateway.proxy.SocketProxy;
import io.campanile.gateway.upstream.Installation;
import io.campanile.gateway.upstream.ServiceCalls;
import io.campanile.gateway.upstream.Upstreams;
import io.campanile.gateway.upstream.Workspaces;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts the gateway together and runs it: the only listener of the platform that is meant for people and programs. */
public final class GatewayServer implements RunningService {
    public static final String NAME = "gateway";

    private static final int BODY_THREADS = 8;

    private final Blocking blocking;
    private final WorkerExecutor bodies;
    private final Upstreams upstreams;
    private final OpenSockets sockets;
    private final Entrance entrance;
    private volatile @Nullable HttpServer server;

    private GatewayServer(ServiceEnvironment environment, GatewayConfig config) {
        boolean tls = config.tls().isPresent();
        String scheme = tls ? "https" : "http";
        blocking = new Blocking(environment.vertx(), NAME + "-blocking", 4, 256);
        bodies = environment.vertx().createSharedWorkerExecutor(NAME + "-bodies", BODY_THREADS);
        upstreams = new Upstreams(environment.vertx(), environment.directory(), blocking);
        ServiceCalls services = new ServiceCalls(upstreams, environment.tokens());
        Authenticator authenticator = new Authenticator(services);
        sockets = new OpenSockets(
                environment.vertx(),
                services,
                authenticator,
                new OpenSockets.Limits(config.socketsPerCredential(), config.recheck()));
        Installation installation = new Installation(services);
        SessionCookie cookie = new SessionCookie(tls);
        Origins origins = new Origins(scheme, config.origins());
        Forwarded forwarded = new Forwarded(environment.tokens(), scheme);
        Cuts cuts = new Cuts();
        RouteTable table = new RouteTable();
        Intake intake = new Intake(config.intake());
        OwnRoutes own = new OwnRoutes();
        new SignInRoutes(
                        services,
                        cookie,
                        authenticator,
                        sockets,
                        origins::allowsSignIn,
                        origins::outward,
                        environment.clock())
                .mount(own);
        new SsoRoutes(services, cookie, new SignInCookie(tls), origins::outward, environment.clock()).mount(own);
        new DiscoveryRoutes(installation, origins::outward).mount(own);
        new OAuthRoutes(services, origins::outward).mount(own);
        new OperationsRoutes(services, table, environment.metrics()).mount(own);
        Rooms rooms = new Rooms(
                own,
                new StaticPages(new PageFiles("/web"), blocking),
                table,
                new HttpProxy(
                        upstreams,
                        forwarded,
                        cuts,
                        intake,
                        bodies,
                        config.upstreamIdle(),
                        new Pace.Limits(config.bodyPatience(), config.bodyRate())),
                new SocketProxy(upstreams, forwarded, sockets, intake),
                new Rooms.Limits(
                        config.bodyLimit(), config.importLimit(), config.fileLimit(), config.requestsInFlight()));
        Tenancy tenancy = new Tenancy(config.baseDomains(), new Workspaces(services));
        Door door = new Door(
                new Door.Checks(cookie, authenticator, origins, tenancy), installation, rooms, new Denials(services));
        entrance = new Entrance(
                environment.vertx(),
                new HostNames(config.hosts(), config.baseDomains()),
                door,
                cuts,
                tls,
                config.requestsInFlight(),
                environment.metrics());
    }

    public static Future<GatewayServer> start(ServiceEnvironment environment, GatewayConfig config) {
        GatewayServer gateway = new GatewayServer(environment, config);
        return environment
                .vertx()
                .createHttpServer(options(environment.port(), config))
                .requestHandler(gateway.entrance::handle)
                .invalidRequestHandler(gateway.entrance::invalid)
                .listen()
                .map(listening -> {
                    gateway.server = listening;
                    return gateway;
                })
                .onFailure(failure -> gateway.close());
    }

    @Override
    public int port() {
        return requireNonNull(server, "start() comes first").actualPort();
    }

    @Override
    public void close() {
        HttpServer listening = server;
        if (listening != null) {
            listening.close();
        }
        sockets.close();
        upstreams.close();
        bodies.close();
        blocking.close();
    }

    private static HttpServerOptions options(int port, GatewayConfig config) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.listenHost())
                .setPort(port)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(240)
                .setMaxInitialLineLength(16 * 1024)
                .setMaxHeaderSize(32 * 1024)
                .setMaxChunkSize(Streams.PIECE)
                // A compressed WebSocket message can unfold without limit, and loopback gains nothing from it.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketClosingTimeout(2)
                .setMaxWebSocketFrameSize(4 * 1024 * 1024)
                .setMaxWebSocketMessageSize(16 * 1024 * 1024);
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())));
        return options;
    }
}
