package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our own routes to prices and to what was used: of everybody for administrators, of themselves for others. */
public final class UsageRoutes {
    private static final String USAGE = "/api/campanile/v1/usage";
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final int PIECE = 500;

    private final UsageService usage;
    private final Prices prices;
    private final Blocking blocking;

    public UsageRoutes(UsageService usage, Prices prices, Blocking blocking) {
        this.usage = requireNonNull(usage, "usage");
        this.prices = requireNonNull(prices, "prices");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.get(USAGE, Requires.user("usage.read", "usage"), this::report);
        api.async(HttpMethod.GET, USAGE + "/export", Requires.user("usage.export", "usage"), this::export);
        api.get(
                USAGE + "/prices",
                Requires.user("usage.prices", "price"),
                (caller, context) -> Map.of("currency", prices.currency(), "prices", prices.perHour()));
    }

    private Object report(Caller caller, RoutingContext context) {
        Grouping grouping = Grouping.of(text(context, "group_by"), text(context, "tag"));
        int offset = number(context, "page_token", 0, 0, Integer.MAX_VALUE / 2);
        int size = number(context, "page_size", PAGE, 1, LARGEST_PAGE);
        UsageService.Report report = usage.report(caller, wish(context), grouping, offset, size);
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("group_by", grouping.by().onTheWire());
        wire.put("start_time", report.query().from());
        wire.put("end_time", report.query().to());
        wire.put(
                "usage",
                report.lines().stream().map(line -> line(grouping, line)).toList());
        wire.put("totals", report.totals().stream().map(UsageRoutes::sum).toList());
        if (report.more()) {
            wire.put("next_page_token", Integer.toString(offset + size));
        }
        return wire;
    }

    private static Map<String, Object> line(Grouping grouping, UsageService.Line line) {
        Map<String, Object> wire = new LinkedHashMap<>();
        Grouping.Key key = line.key();
        switch (grouping.by()) {
            case DAY -> wire.put("day", Long.parseLong(key.id()));
            case CLUSTER -> {
                wire.put("cluster_id", key.id());
                wire.put("cluster_name", key.name());
            }
            case USER -> {
                wire.put("user_id", Long.parseLong(key.id()));
                wire.put("user_name", key.name());
            }
            case TAG -> wire.put("tag_value", key.id());
            case NODE_TYPE -> wire.put("node_type_id", key.id());
        }
        wire.putAll(sum(line));
        return wire;
    }

    /** Without an amount, and so without a currency, where nothing had a price. */
    private static Map<String, Object> sum(UsageService.Line line) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("node_seconds", line.sum().millis() / 1_000.0);
        if (line.sum().amount() != null) {
            wire.put("amount", line.sum().amount());
            wire.put("currency", line.key().currency());
        }
        return wire;
    }

    private Future<Void> export(Caller caller, RoutingContext context) {
        UsageExport form = UsageExport.of(text(context, "format"));
        UsageService.Wish wish = wish(context);
        HttpServerResponse response = context.response();
        // The first piece is read before the head is sent: what fails until then is answered as any failure.
        return blocking.call(() -> {
                    UsageService.Reading reading = usage.read(caller, wish);
                    return new Piece(reading, form.head() + form.lines(reading.next(PIECE)));
                })
                .compose(first -> {
                    response.setChunked(true)
                            .putHeader("Content-Type", form.contentType())
                            .putHeader("X-Content-Type-Options", "nosniff")
                            .putHeader("Content-Disposition", "attachment; filename=\"" + form.fileName() + "\"");
                    return first.text().isEmpty() ? response.end() : send(response, form, first);
                });
    }

    private record Piece(UsageService.Reading reading, String text) {}

    /** One piece after the other, as fast as the reader takes them. */
    private Future<Void> send(HttpServerResponse response, UsageExport form, Piece piece) {
        return response.write(piece.text())
                .compose(written -> drained(response))
                .compose(ready -> blocking.call(() -> piece.reading().next(PIECE)))
                .compose(rows -> rows.isEmpty()
                        ? response.end()
                        : send(response, form, new Piece(piece.reading(), form.lines(rows))));
    }

    private static Future<Void> drained(HttpServerResponse response) {
        if (!response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        response.drainHandler(promise::tryComplete);
        response.exceptionHandler(promise::tryFail);
        return promise.future();
    }

    private static UsageService.Wish wish(RoutingContext context) {
        String own = text(context, "own");
        if (own != null && !List.of("true", "false").contains(own)) {
            throw ApiException.invalid("own must be true or false");
        }
        return new UsageService.Wish(
                time(context, "start_time"),
                time(context, "end_time"),
                "true".equals(own),
                text(context, "cluster_id"));
    }

    private static @Nullable Long time(RoutingContext context, String parameter) {
        return text(context, parameter) == null ? null : Endpoints.longParam(context, parameter);
    }

    private static int number(RoutingContext context, String parameter, int usual, int least, int most) {
        if (text(context, parameter) == null) {
            return usual;
        }
        long asked = Endpoints.longParam(context, parameter);
        if (asked < least || asked > most) {
            throw ApiException.invalid(parameter + " must be between " + least + " and " + most);
        }
        return (int) asked;
    }

    private static @Nullable String text(RoutingContext context, String parameter) {
        String text = context.request().getParam(parameter);
        return text == null || text.isEmpty() ? null : text;
    }
}
