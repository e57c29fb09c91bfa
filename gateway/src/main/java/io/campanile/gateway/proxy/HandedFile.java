package io.campanile.gateway.proxy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Handover;
import io.campanile.gateway.answers.Refusals;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A body that a service of this process has handed over as an open file. */
final class HandedFile {
    private static final Logger LOG = LoggerFactory.getLogger(HandedFile.class);

    private HandedFile() {}

    /** Ends the answer, whose head is made, with the file. */
    static void send(RoutingContext context, String key) {
        Optional<Handover.OpenFile> found = Handover.withinThisProcess().take(key);
        if (found.isEmpty()) {
            context.response().headers().remove("Content-Length");
            Refusals.refuse(context, new ApiException(ErrorCode.BAD_GATEWAY, "The file could not be read; try again"));
            return;
        }
        Handover.OpenFile file = found.get();
        HttpServerResponse response = context.response();
        response.putHeader("Content-Length", Long.toString(file.length()))
                .sendFile(file.channel(), file.from(), file.length())
                .onFailure(broken -> response.reset())
                .onComplete(sent -> context.vertx()
                        .executeBlocking(
                                () -> {
                                    file.channel().close();
                                    return true;
                                },
                                false)
                        .onFailure(left -> LOG.atWarn().setCause(left).log("A sent file could not be closed")));
    }
}
