package io.campanile.driver;

import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.JobArtifactSet$;
import org.apache.spark.JobArtifactState;
import org.apache.spark.sql.classic.SparkSession;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * The jars of the cluster's libraries, in every session there is and will be. The driver finds them in the class loader
 * that all sessions have above their own; executors are sent the jars of one session, so each of them is given all.
 */
final class LibraryJars {
    private static final List<Path> JARS = new ArrayList<>();
    private static final Set<SparkSession> SESSIONS = Collections.newSetFromMap(new WeakHashMap<>());

    private LibraryJars() {}

    /** Called once for each session, before it plans anything. */
    static synchronized void join(SparkSession session) {
        if (SESSIONS.add(session)) {
            JARS.forEach(jar -> give(session, jar));
        }
    }

    /** From now on classes of these jars are found; one that is there already stays where it is. */
    static synchronized void add(SparkSession any, List<Path> jars) throws MalformedURLException {
        for (Path jar : jars) {
            if (JARS.contains(jar)) {
                continue;
            }
            any.sharedState().jarClassLoader().addURL(jar.toUri().toURL());
            // For what runs in no client's session.
            any.sparkContext().addJar(uri(jar));
            SESSIONS.forEach(session -> give(session, jar));
            JARS.add(jar);
        }
    }

    private static void give(SparkSession session, Path jar) {
        JobArtifactSet$.MODULE$.withActiveJobArtifactState(
                new JobArtifactState(session.sessionUUID(), Option.empty()), () -> {
                    session.sparkContext().addJar(uri(jar));
                    return BoxedUnit.UNIT;
                });
    }

    /** Said in full: a bare path is one of the workspace's files. */
    private static String uri(Path jar) {
        return jar.toUri().toString();
    }
}
