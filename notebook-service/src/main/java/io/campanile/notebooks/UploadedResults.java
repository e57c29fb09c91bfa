package io.campanile.notebooks;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.notebooks.nodes.LimitedStream;
import io.campanile.notebooks.nodes.ResultUploads;
import io.campanile.notebooks.results.ResultService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;

/** Streams what a node uploads into a file and hands it to the results. */
final class UploadedResults implements ResultUploads {
    private final Vertx vertx;
    private final Blocking blocking;
    private final ResultService results;

    UploadedResults(Vertx vertx, Blocking blocking, ResultService results) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.blocking = requireNonNull(blocking, "blocking");
        this.results = requireNonNull(results, "results");
    }

    @Override
    public Future<Void> receive(Upload upload, ReadStream<Buffer> body) {
        return blocking.call(() -> results.draft(upload.workspaceId(), upload.resultId()))
                .compose(draft -> store(draft, new LimitedStream(body, ResultService.LARGEST_FILE))
                        .compose(stored -> keep(upload, draft))
                        .onFailure(failed -> vertx.fileSystem().delete(draft.toString())));
    }

    private Future<Void> keep(Upload upload, Path draft) {
        return blocking.call(() -> {
            results.keep(upload, draft);
            return null;
        });
    }

    private Future<Void> store(Path draft, ReadStream<Buffer> body) {
        return vertx.fileSystem()
                .open(draft.toString(), new OpenOptions().setCreateNew(true).setWrite(true))
                .compose(file -> body.pipeTo(file));
    }
}
