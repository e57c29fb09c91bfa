package io.campanile.node.agent;

import io.campanile.node.agent.process.Redaction;
import io.campanile.node.agent.stream.Endpoints;
import java.net.http.HttpClient;
import java.util.function.Supplier;

/**
 * What a node has, whatever it is there for.
 *
 * @param token the work token of this moment
 * @param changed called when the status is another one
 * @param started of the agent, milliseconds since the epoch
 * @param redaction of all logs that leave this node
 */
record Surroundings(
        NodeConfig config,
        Distribution distribution,
        HttpClient http,
        Endpoints endpoints,
        Loop loop,
        Supplier<String> token,
        Runnable changed,
        long started,
        Redaction redaction) {}
