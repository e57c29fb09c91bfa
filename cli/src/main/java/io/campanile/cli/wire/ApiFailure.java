package io.campanile.cli.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.terminal.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An answer of the server that is a refusal, in its words, with what helps. */
public final class ApiFailure extends CliFailure {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_ODD_BODY = 200;

    private final int status;
    private final String code;

    private ApiFailure(int status, String code, ExitCode exit, String message) {
        super(exit, message);
        this.status = status;
        this.code = code;
    }

    /** Reads the envelope of the REST API, of SCIM or of OAuth; anything else is quoted. */
    static ApiFailure of(Call call, Host host, int status, byte[] body) {
        JsonNode json = parse(body);
        String code = first(json, "error_code", "scimType", "error");
        String message = first(json, "message", "detail", "error_description", "error");
        if (message.isEmpty()) {
            message = odd(status, body);
        }
        StringBuilder text = new StringBuilder(Text.plain(message));
        for (JsonNode detail : json.path("details")) {
            String field = detail.path("field").asText("");
            if (!field.isEmpty() && text.indexOf(field) < 0) {
                text.append(" (field ").append(Text.plain(field)).append(')');
            }
        }
        if (!code.isEmpty() && !code.equals(message)) {
            text.append(" [").append(Text.plain(code)).append(']');
        }
        String remedy = remedy(call, host, status, code);
        return new ApiFailure(status, code, exit(status, code), text + (remedy.isEmpty() ? "" : "\n" + remedy));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** Whether the thing asked for is not there (the endpoint is). */
    public boolean absent() {
        return exit() == ExitCode.NOT_FOUND;
    }

    private static ExitCode exit(int status, String code) {
        if (code.equals("ENDPOINT_NOT_FOUND")) {
            return ExitCode.FAILURE;
        }
        return switch (status) {
            case 401, 403 -> ExitCode.REFUSED;
            case 404 -> ExitCode.NOT_FOUND;
            case 429, 502, 503, 504 -> ExitCode.UNAVAILABLE;
            default -> ExitCode.FAILURE;
        };
    }

    private static String remedy(Call call, Host host, int status, String code) {
        if (code.equals("ENDPOINT_NOT_FOUND") && call.path().startsWith("/api/2.0/permissions/")) {
            return "Objects with permissions are written notebooks/ID, directories/ID, files/ID, repos/ID, clusters/ID,"
                    + " authorization/tokens or authorization/passwords.";
        }
        if (code.equals("ENDPOINT_NOT_FOUND")) {
            return "The server at " + host.url() + " does not serve " + call.method() + " " + call.route()
                    + "; it may be older than this command.";
        }
        if (code.equals("DIRECTORY_NOT_EMPTY")) {
            return "Give -r to delete it with everything in it.";
        }
        if (code.equals("RESOURCE_ALREADY_EXISTS") && call.path().endsWith("/import")) {
            return "Give --overwrite to replace it.";
        }
        if (code.equals("RESOURCE_DOES_NOT_EXIST") && call.path().endsWith("/workspace/import")) {
            return "'campanile workspace mkdir' makes folders.";
        }
        return switch (status) {
            case 401 -> "Sign in with: campanile login --host " + host.url();
            case 403 -> "Ask its owner or an administrator for the permission, or use another --profile.";
            case 429 -> "The server gets too many requests; try again later.";
            case 502, 503, 504 -> "The server is not ready; try again later.";
            default -> "";
        };
    }

    private static String odd(int status, byte[] body) {
        String text = Text.plain(new String(body, StandardCharsets.UTF_8)).strip();
        String shown = text.length() > LONGEST_ODD_BODY ? text.substring(0, LONGEST_ODD_BODY) + "..." : text;
        return "The server answered " + status + (shown.isEmpty() ? "" : ": " + shown);
    }

    private static String first(JsonNode json, String... names) {
        for (String name : names) {
            if (json.path(name).isTextual() && !json.path(name).asText().isBlank()) {
                return json.path(name).asText();
            }
        }
        return "";
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            return json == null ? Json.object() : json;
        } catch (IOException e) {
            return Json.object();
        }
    }
}
