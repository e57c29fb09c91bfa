package io.campanile.cli.clusters;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile clusters resize}: another number of workers for a cluster that runs. */
@Command(
        name = "resize",
        description = {
            "Give a cluster that runs another number of workers.",
            "Between a single node and workers its driver restarts: the variables of its notebooks are lost."
        })
public final class ClusterResize implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.")
    String cluster = "";

    @Mixin
    SizeWish size = new SizeWish();

    @Option(names = "--force", description = "Restart the driver though a command runs.")
    boolean force;

    @Mixin
    Waiting waiting = new Waiting();

    public ClusterResize(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Override
    public Integer call() {
        ObjectNode request = Json.object();
        size.put(request);
        if (request.isEmpty()) {
            throw CliFailure.usage("Give --workers or --autoscale.");
        }
        if (force) {
            request.put("force", true);
        }
        String id = Found.id(session, cluster);
        JsonNode answer = session.api().post(Found.BASE + "resize", request.put("cluster_id", id));
        String note = "The cluster " + cluster + " is being resized.";
        if (waiting.wait) {
            session.note(note);
            session.done(waiting.running(session, id), "It runs.");
        } else {
            session.done(answer, note);
        }
        return 0;
    }
}
