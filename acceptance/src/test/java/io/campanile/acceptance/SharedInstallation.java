package io.campanile.acceptance;

import io.campanile.common.service.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the classes that ask for an {@link Installation} one and the same, which lives as long as the run: starting and
 * warming one up costs half a minute each time. A class that leaves it changed, or kills what it does not start again,
 * starts its own.
 */
public final class SharedInstallation implements ParameterResolver {
    /** Git servers of tests are on this machine. */
    private static final Map<String, String> SETTINGS = Map.of("CAMPANILE_WORKSPACE_GIT_ALLOWED_HOSTS", "127.0.0.1");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Installation.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedInstallation.class))
                .getOrComputeIfAbsent(Shared.class)
                .started();
    }

    /** Ended by JUnit after the last test. */
    static final class Shared implements AutoCloseable {
        private final Path dataDir;
        private final Installation installation;

        Shared() throws Exception {
            dataDir = Files.createTempDirectory("campanile-shared");
            installation = Installation.at(dataDir, SETTINGS);
            installation.up();
        }

        Installation started() {
            return installation;
        }

        @Override
        public void close() throws Exception {
            installation.close();
            Folders.delete(dataDir);
        }
    }
}
